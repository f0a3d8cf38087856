import type { Schema } from "../../api/types";
import { t } from "../../text";
import type { Fitting } from "../infrastructure/shared";
import { type Choice, planOf } from "./plan";

/** Stands for no target: an empty choice would mean all of them, and the server refuses what is no target. */
const NOBODY = "none";

/** The ids of every target the process knows of in some places. */
export const knownOf = (previews: readonly Schema["DeploymentPreview"][]): string[] =>
  previews.flatMap((preview) =>
    planOf(preview, { only: [], without: [], skip: [] }).known.map((target) => target.id),
  );

/** The choice with the targets that fit a saved filter in place of those named one by one. */
export function narrowed(choice: Choice, known: readonly string[], fitting: Fitting | undefined): Choice {
  if (fitting === undefined) return choice;
  const wanted = new Set(typeof fitting === "string" ? [] : fitting.ids);
  const only = known.filter((id) => wanted.has(id));
  return { ...choice, only: only.length > 0 ? only : [NOBODY], without: [] };
}

/** Why a saved filter leaves nobody to deploy to. */
export function whyNobody(
  choice: Choice,
  fitting: Fitting | undefined,
  name: string | undefined,
): string | undefined {
  if (fitting === undefined || fitting === "asking" || name === undefined) return undefined;
  if (fitting === "missing") return t("There is no saved filter {{name}} any more.", { name });
  return choice.only.includes(NOBODY) ? t("No target here fits the filter {{name}}.", { name }) : undefined;
}
