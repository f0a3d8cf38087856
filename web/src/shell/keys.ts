/** What a pressed key means, given what was pressed just before. */
export type Meaning =
  | { kind: "palette" }
  | { kind: "help" }
  | { kind: "filter" }
  | { kind: "go"; key: string }
  | { kind: "wait" }
  | { kind: "nothing" };

export interface Pressed {
  key: string;
  /** Control, or Command on a Mac. */
  command: boolean;
  /** Alt, or another modifier that makes it somebody else's key. */
  other: boolean;
  /** The key went to a field one types in. */
  typing: boolean;
}

/** The shortcuts of the frame: `mod+K`, `?`, `/`, and `g` with a letter of the navigation. `after` is the key before. */
export function meaningOf({ key, command, other, typing }: Pressed, after: string): Meaning {
  if (command && !other && key.toLowerCase() === "k") return { kind: "palette" };
  if (command || other || typing) return { kind: "nothing" };
  if (after === "g" && /^[a-z]$/.test(key)) return { kind: "go", key };
  if (key === "g") return { kind: "wait" };
  if (key === "?") return { kind: "help" };
  if (key === "/") return { kind: "filter" };
  return { kind: "nothing" };
}
