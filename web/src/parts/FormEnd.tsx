import { Button, Group } from "@mantine/core";
import { t } from "../text";
import { CopyAs } from "./CopyAs";
import type { Repeatable } from "./copying";
import { WhyButton } from "./WhyButton";

interface Props {
  /** The button's own words: "Add the team". */
  action: string;
  busy: boolean;
  /** Why it may not be sent, if it may not. */
  why?: string | undefined;
  request?: (() => Repeatable) | undefined;
  onCancel?: (() => void) | undefined;
}

/** The end of a form in a dialog: the same as an API call, the way back, and the button that sends it. */
export function FormEnd({ action, busy, why, request, onCancel }: Props) {
  return (
    <Group justify="flex-end" gap="xs">
      {request && <CopyAs request={request} />}
      {onCancel && (
        <Button variant="default" onClick={onCancel}>
          {t("Cancel")}
        </Button>
      )}
      <WhyButton type="submit" loading={busy} why={why}>
        {action}
      </WhyButton>
    </Group>
  );
}
