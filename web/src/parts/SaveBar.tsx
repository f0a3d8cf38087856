import { Button, Group } from "@mantine/core";
import { t } from "../text";
import { CopyAs } from "./CopyAs";
import type { Repeatable } from "./copying";
import { WhyButton } from "./WhyButton";

interface Props {
  dirty: boolean;
  busy: boolean;
  /** Why it may not be saved, if it may not. */
  why?: string | undefined;
  onReset: () => void;
  request?: () => Repeatable;
  /** The button's words; "Save" unless said otherwise. */
  action?: string;
}

/** The end of a form: save, discard, and the same as an API call. */
export function SaveBar({ dirty, busy, why, onReset, request, action }: Props) {
  return (
    <Group gap="xs">
      <WhyButton
        type="submit"
        loading={busy}
        why={why ?? (dirty ? undefined : t("Nothing was changed yet."))}
      >
        {action ?? t("Save")}
      </WhyButton>
      {dirty && (
        <Button variant="default" onClick={onReset}>
          {t("Discard changes")}
        </Button>
      )}
      {request && <CopyAs request={request} />}
    </Group>
  );
}
