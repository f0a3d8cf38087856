import { Button, Group } from "@mantine/core";
import { t } from "../text";
import { CopyAs } from "./CopyAs";
import type { Repeatable } from "./copying";
import type { Moved } from "./draft";
import { Leaving } from "./Leaving";
import { MovedOn } from "./MovedOn";
import { WhyButton } from "./WhyButton";

interface Props {
  dirty: boolean;
  busy: boolean;
  /** It may be sent as it stands: something new, which needs no change first. */
  fresh?: boolean;
  /** Why it may not be saved, if it may not. */
  why?: string | undefined;
  onReset: () => void;
  /** That somebody else has saved meanwhile. */
  moved?: Moved | undefined;
  request?: () => Repeatable;
  /** The button's words; "Save" unless said otherwise. */
  action?: string;
}

/** The end of a form: save, discard, and the same as an API call. Nobody leaves with something unsaved unasked. */
export function SaveBar({ dirty, busy, fresh, why, onReset, moved, request, action }: Props) {
  const wanting = moved
    ? t("Choose first what becomes of your changes.")
    : dirty || fresh
      ? undefined
      : t("Nothing was changed yet.");
  return (
    <>
      <Leaving
        when={dirty && !busy}
        title={t("Leave without saving?")}
        about={t("What you changed here is not saved. It is lost when you leave.")}
        action={t("Leave without saving")}
      />
      {moved && <MovedOn moved={moved} />}
      <Group gap="xs">
        <WhyButton type="submit" loading={busy} why={why ?? wanting}>
          {action ?? t("Save")}
        </WhyButton>
        {dirty && (
          <Button variant="default" onClick={onReset}>
            {t("Discard changes")}
          </Button>
        )}
        {request && <CopyAs request={request} />}
      </Group>
    </>
  );
}
