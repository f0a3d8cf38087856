/** A value of a section of the settings, as the API describes it. */
export interface Property {
  name: string;
  label: string;
  help: string;
  kind: "switch" | "choice" | "text";
  choices: readonly string[];
}

interface Described {
  Name?: unknown;
  Type?: unknown;
  DisplayInfo?: {
    Label?: string;
    Description?: string;
    ReadOnly?: boolean;
    Options?: { Values?: Record<string, string> } | null;
  };
}

/** The values a form of a section has, in their order. Those that never change are left out. */
export function propertiesOf(types: readonly Record<string, unknown>[] | undefined): Property[] {
  const first = types?.[0] as { Properties?: readonly Described[] } | undefined;
  return (first?.Properties ?? [])
    .filter((one) => typeof one.Name === "string" && !one.DisplayInfo?.ReadOnly)
    .map((one) => {
      const name = String(one.Name);
      const choices = Object.keys(one.DisplayInfo?.Options?.Values ?? {});
      return {
        name,
        label: one.DisplayInfo?.Label || name,
        help: one.DisplayInfo?.Description ?? "",
        kind: one.Type === "bool" ? "switch" : choices.length > 0 ? "choice" : "text",
        choices,
      };
    });
}

/** A choice of the API in words: "VirtualizeRowsAndColumns" is "Virtualize rows and columns". */
export function wordsOf(choice: string): string {
  const text = choice.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
