import { Alert } from "@mantine/core";
import { Suspense, useEffect, useState } from "react";
import { SIGNED_OUT } from "../api/client";
import { useFreshness } from "../api/live";
import { base } from "../api/place";
import { useNow } from "../parts/clock";
import { later } from "../parts/later";
import { t } from "../text";
import { useSkew } from "./skew";
import { useNewerBuild } from "./version";

const BannerTexts = later(() => import("./BannerTexts"));
const SignedOut = later(() => import("./SignedOut"));

const NOTICED = 60_000;
const PATIENCE = 3000;

/** What everybody must know above every page: the line is cut, the pages are of yesterday, a clock is wrong. */
export function Banners() {
  const { freshness, since, ever } = useFreshness();
  const out = useSignedOut();
  const now = useNow();
  const build = useNewerBuild();
  const clock = useSkew();
  const skew = Math.abs(clock) > NOTICED ? clock : 0;
  const [later, setLater] = useState(false);
  const cut = freshness === "reconnecting" && ever && !out.signedOut && now - since > PATIENCE;
  const offline = freshness === "offline";
  const newer = build && !later;
  return (
    <Suspense fallback={null}>
      {(cut || offline) && (
        <Alert color="yellow" m="md" role="status">
          {offline ? t("You are offline.") : t("The server cannot be reached.")}{" "}
          {t("What you see is from before, and what you typed stays. It goes on by itself.")}
        </Alert>
      )}
      {(newer || skew !== 0) && <BannerTexts newer={newer} skew={skew} onLater={() => setLater(true)} />}
      {out.signedOut && <SignedOut onBack={out.back} />}
    </Suspense>
  );
}

function useSignedOut() {
  const [signedOut, setSignedOut] = useState(false);
  useEffect(() => {
    // Other things are answered with 401 too, such as a password that is wrong.
    const told = () =>
      fetch(`${base}/api/users/me`)
        .then((answer) => answer.status === 401 && setSignedOut(true))
        .catch(() => undefined);
    window.addEventListener(SIGNED_OUT, told);
    return () => window.removeEventListener(SIGNED_OUT, told);
  }, []);
  return { signedOut, back: () => setSignedOut(false) };
}
