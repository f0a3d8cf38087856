import { Anchor } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import type { Schema } from "../../api/types";
import { addressOf, pieces } from "./sentence";

/** A document by its name, as a link where it has a page. */
export function DocumentLink({ id, text, spaceId }: { id: string; text?: string; spaceId?: string | null }) {
  const router = useRouter();
  const address = addressOf(id, spaceId);
  const [, params, there] = address ? router.getMatchedRoutes(address) : [];
  if (!there || !params || "**" in params) return <>{text ?? id}</>;
  return (
    <Anchor component={Link} to={address} inherit underline="always">
      {text ?? id}
    </Anchor>
  );
}

/** What happened, as a sentence whose documents are links. */
export function Sentence({ event }: { event: Schema["Event"] }) {
  return (
    <>
      {pieces(event.Message, event.MessageReferences ?? []).map((piece, at) =>
        piece.document ? (
          <DocumentLink
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a message never change places
            key={at}
            id={piece.document}
            text={piece.text}
            spaceId={event.SpaceId ?? null}
          />
        ) : (
          piece.text
        ),
      )}
    </>
  );
}
