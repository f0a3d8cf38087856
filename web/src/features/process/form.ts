import type { Schema } from "../../api/types";
import { type Action, hasFeature, type Properties, primaryOf, textOf } from "./model";

export type FormField = Schema["FormField"];
export type FormSection = Schema["FormSection"];

/** The value of a field that others may depend on: its property, its default, or whether its feature is on. */
export function settingOf(field: FormField, properties: Properties): string {
  if (field.Kind === "feature") return hasFeature(properties, field.Name) ? "True" : "False";
  return textOf(properties, field.Name) || field.Default;
}

/** Whether all conditions of a field hold. */
export function isShown(field: FormField, fields: readonly FormField[], properties: Properties): boolean {
  return field.ShownWhen.every(({ Name, Values }) => {
    const other = fields.find((each) => each.Name === Name);
    const value = other ? settingOf(other, properties).toLowerCase() : textOf(properties, Name).toLowerCase();
    return Values.some((each) => each.toLowerCase() === value);
  });
}

/** The fields of a form that are shown for these properties. */
export function shownFields(sections: readonly FormSection[], properties: Properties): FormField[] {
  const all = sections.flatMap((section) => section.Fields);
  return all.filter((field) => isShown(field, all, properties));
}

/** The part of a field that differs from what it is by itself, in a few words; "" for nothing. */
function told(field: FormField, action: Action): string {
  if (field.Kind === "package") {
    const found = primaryOf(action);
    return found?.PackageId ? `${field.Label}: ${found.PackageId}` : "";
  }
  if (field.Kind === "packages") {
    const names = action.Packages.filter((each) => each.Name).map((each) => each.Name);
    return names.join(", ");
  }
  if (field.Kind === "stage") {
    const some = field.Choices.some((each) =>
      textOf(action.Properties, `${field.Name}.${each.Value}`).trim(),
    );
    return some ? field.Label : "";
  }
  const value = settingOf(field, action.Properties);
  if (value === field.Default && field.Kind !== "select") return "";
  if (field.Kind === "feature") return value === "True" ? field.Label : "";
  if (field.Kind === "checkbox") return value.toLowerCase() === "true" ? field.Label : `${field.Label}: off`;
  if (field.Kind === "select") {
    if (value === field.Default && value === "0") return "";
    const title = field.Choices.find((each) => each.Value.toLowerCase() === value.toLowerCase())?.Title;
    return `${field.Label}: ${title ?? value}`;
  }
  const lines = value.split("\n").filter((line) => line.trim());
  if (lines.length === 0) return "";
  return lines.length > 1 || field.Kind === "code"
    ? `${field.Label}: ${lines.length} ${lines.length === 1 ? "line" : "lines"}`
    : `${field.Label}: ${lines[0]}`;
}

/** What a collapsed section says: its settings in a few words, or what it is for. */
export function summaryOf(section: FormSection, action: Action, all: readonly FormField[]): string {
  const parts = section.Fields.filter((field) => isShown(field, all, action.Properties)).map((field) =>
    told(field, action),
  );
  return parts.filter(Boolean).join(" · ") || section.Summary;
}

/** Whether a required field that is shown has nothing in it. */
export function isMissing(field: FormField, action: Action): boolean {
  if (!field.Required) return false;
  if (field.Kind === "package") return !primaryOf(action)?.PackageId?.trim();
  return settingOf(field, action.Properties).trim() === "";
}

/** The language of a field of code. */
export function languageOf(
  field: FormField,
  fields: readonly FormField[],
  properties: Properties,
): "bash" | "powershell" | "python" | "text" {
  const from = fields.find((each) => each.Name === field.LanguageFrom);
  const name = (field.Language || (from ? settingOf(from, properties) : "")).toLowerCase();
  return name === "bash" || name === "powershell" || name === "python" ? name : "text";
}

/** The places of an action's `Packages` a field is about; a property says the same of the primary one. */
export function referencesOf(field: FormField, action: Action): string[] {
  if (field.Kind !== "package" && field.Kind !== "packages") return [];
  const primary = field.Kind === "package";
  return action.Packages.flatMap((each, at) => (!each.Name === primary ? [`Packages[${at}]`] : []));
}
