import "@mantine/core/styles.css";
import "./theme/global.css";
import { DirectionProvider, MantineProvider } from "@mantine/core";
import { useNotifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { setNonce } from "get-nonce";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { base, nonce } from "./api/place";
import { queries } from "./api/queries";
import { later } from "./parts/later";
import { router } from "./routes";
import { speak } from "./text/choosing";
import { schemes, theme, tokens } from "./theme/theme";

setNonce(nonce);

const Messages = later(() => import("./shell/Messages"));

/** Where short messages appear, once there is one. */
function Said() {
  const { notifications } = useNotifications();
  return <Suspense fallback={null}>{notifications.length > 0 && <Messages />}</Suspense>;
}

/** Links of the API and of mails are `/app#/Spaces-1/…`, the field's form: they mean the same path. */
function fromHash(): void {
  const { hash } = window.location;
  if (hash.startsWith("#/")) window.history.replaceState(null, "", `${base}/app${hash.slice(1)}`);
}

fromHash();
const root = document.getElementById("root");
if (root)
  void speak().then(() =>
    createRoot(root).render(
      <StrictMode>
        <DirectionProvider>
          <MantineProvider
            theme={theme}
            cssVariablesResolver={tokens}
            colorSchemeManager={schemes}
            defaultColorScheme="auto"
            getStyleNonce={() => nonce}
          >
            <Said />
            <QueryClientProvider client={queries}>
              <RouterProvider router={router} />
            </QueryClientProvider>
          </MantineProvider>
        </DirectionProvider>
      </StrictMode>,
    ),
  );
