import type { ChangeEvent } from "react";
import type { Saving } from "./saving";

/** What a text input of a form is given, whichever of Mantine's it is. */
interface TextField {
  value: string;
  onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => void;
  error: string | undefined;
  readOnly: boolean;
}

/** Ties text inputs to the members of a draft by their names, with what the server refused of each. */
export const textFields =
  <T extends object>(
    draft: Partial<T>,
    set: (change: Partial<T>) => void,
    { errorOf }: Pick<Saving, "errorOf">,
    readOnly = false,
  ) =>
  (name: keyof T & string): TextField => ({
    value: String(draft[name] ?? ""),
    onChange: (event) => set({ [name]: event.currentTarget.value } as Partial<T>),
    error: errorOf(name),
    readOnly,
  });
