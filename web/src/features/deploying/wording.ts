import { languages, number, t } from "../../text";
import type { Sum } from "./plan";

/** Names as people list them: "Test, Staging and Production". */
export const listed = (names: readonly string[]): string =>
  new Intl.ListFormat(languages.locale, { type: "conjunction" }).format(names);

/** The words of the button: what goes where, and to how many: "Deploy 2.4.1 to 12 targets in Production". */
export function deployWords(version: string, sum: Sum, places: readonly string[], later: boolean): string {
  const values = { version, places: listed(places), count: sum.targets };
  if (places.length === 0) return t("Deploy {{version}}", { version });
  if (sum.targets === 0)
    return later
      ? t("Schedule {{version}} for {{places}}", values)
      : t("Deploy {{version}} to {{places}}", values);
  return later
    ? t("Schedule {{version}} for {{count}} targets in {{places}}", {
        ...values,
        one: "Schedule {{version}} for {{count}} target in {{places}}",
      })
    : t("Deploy {{version}} to {{count}} targets in {{places}}", {
        ...values,
        one: "Deploy {{version}} to {{count}} target in {{places}}",
      });
}

/** One line on a plan: "3 steps on 12 targets, 1 skipped". */
export function summary(sum: Sum): string {
  const steps = t("{{count}} steps", { count: sum.steps, one: "{{count}} step" });
  const targets = t("{{count}} targets", { count: sum.targets, one: "{{count}} target" });
  const where = sum.targets > 0 ? t("{{steps}} on {{targets}}", { steps, targets }) : steps;
  return sum.skipped > 0 ? t("{{where}}, {{n}} skipped", { where, n: number(sum.skipped) }) : where;
}
