import { Stack, type StackProps } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { Refused } from "./Refused";
import type { Saving } from "./saving";

interface Props extends Pick<StackProps, "gap" | "maw"> {
  saving: Pick<Saving, "busy" | "others">;
  /** Sends what the form holds; not called again while it is under way. */
  onSend: () => unknown;
  children: ReactNode;
}

/**
 * The fields of a form under each other, and above them what was refused and belongs to none of them.
 *
 * A form in a dialog may lie within another one for React: sending it does not send that.
 */
export function Form({ saving, onSend, children, ...look }: Props) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!saving.busy) onSend();
  };
  return (
    <Stack component="form" onSubmit={send} {...look}>
      <Refused sentences={saving.others} />
      {children}
    </Stack>
  );
}
