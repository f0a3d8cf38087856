import { useNavigate } from "@tanstack/react-router";
import { Refusal } from "../api/errors";
import { stale } from "../api/queries";
import { t } from "../text";
import { type Form, useDraft } from "./draft";
import { type Saving, useSaving } from "./saving";

interface Kept {
  Id?: string | null;
}

interface Ways<T> {
  make: (draft: T) => Promise<T>;
  change: (id: string, draft: T) => Promise<T>;
  /** The page of what was made. */
  pageOf: (id: string) => string;
}

export interface Editing<T> extends Form<T> {
  /** It is not there yet: sending makes it. */
  isNew: boolean;
  saving: Saving;
  save: () => Promise<void>;
}

/** A form that changes a thing, or makes one that has no `Id` yet and goes on to its page. See `useSaving`. */
export function useEditing<T extends Kept>(
  thing: T,
  fields: readonly string[],
  { make, change, pageOf }: Ways<T>,
): Editing<T> {
  const form = useDraft(thing);
  const saving = useSaving(fields);
  const navigate = useNavigate();
  const isNew = !thing.Id;
  const save = async () => {
    let id = thing.Id ?? "";
    const done = await saving.run(async () => {
      const kept = isNew ? await make(form.draft) : await change(id, form.draft);
      id = kept.Id ?? id;
      form.settle(kept);
      stale("other");
    }, t("Saved"));
    if (done && isNew) await navigate({ to: pageOf(id) });
  };
  // Who has moved on is told by `moved`, with the ways on: the refusal in the API's words says no more.
  const clashed = form.moved && saving.error instanceof Refusal && saving.error.status === 409;
  return { ...form, isNew, saving: clashed ? { ...saving, others: [] } : saving, save };
}
