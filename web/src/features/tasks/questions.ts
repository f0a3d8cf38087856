import type { Schema } from "../../api/types";
import type { Message } from "../../text";

type Interruption = Schema["Interruption"];

/** An answer somebody may give. */
export interface Choice {
  value: string;
  text: string;
  /** Whether it ends or leaves out something, and is asked again. */
  grave: boolean;
}

interface Control {
  Type?: string;
  Text?: string;
  Buttons?: readonly { Text: string; Value: string; RequiresConfirmation?: boolean }[];
}

const control = (element: Schema["FormElement"]) => element.Control as Control;

/** What a question says, which answers it takes, and under which name they are sent. */
export function asked(one: Interruption): { about: string; field: "Guidance" | "Result"; choices: Choice[] } {
  const elements = one.Form.Elements;
  const about = elements
    .filter((element) => control(element).Type === "Paragraph")
    .map((element) => control(element).Text ?? "")
    .join("\n\n");
  const buttons = elements.find((element) => control(element).Type === "SubmitButtonGroup");
  return {
    about,
    field: buttons?.Name === "Guidance" ? "Guidance" : "Result",
    choices: (buttons ? (control(buttons).Buttons ?? []) : []).map((button) => ({
      value: button.Value,
      text: button.Text,
      grave: button.RequiresConfirmation === true,
    })),
  };
}

/** What each answer to a failure does, in a sentence. */
export const EFFECTS: Record<string, Message> = {
  Retry: "Runs the action on this target again.",
  Ignore: "Counts the failure as a warning and goes on.",
  Exclude: "Leaves this target out of the rest of the deployment.",
  Fail: "Ends the deployment as failed.",
  Proceed: "Goes on with the next step.",
  Abort: "Ends the deployment as failed.",
};
