/** What the server said when it refused a request, in its own words. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly string[];
  readonly details: unknown;

  constructor(status: number, message: string, errors: readonly string[] = [], details: unknown = undefined) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.errors = errors;
    this.details = details;
  }

  /** The sentences to show: one a problem, or else the headline. */
  get sentences(): readonly string[] {
    return this.errors.length > 0 ? this.errors : [this.message];
  }
}

/** The server could not be reached, or the line broke: another try may do. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("The server cannot be reached.", { cause });
    this.name = "Unreachable";
  }
}

/** The sentences of anything that was thrown. */
export function sentencesOf(error: unknown): readonly string[] {
  if (error instanceof Refusal) return error.sentences;
  return [error instanceof Error ? error.message : String(error)];
}

/**
 * The sentences that speak of a field, by its name in the API; the others stay for the summary.
 *
 * The server begins a sentence with the field's name or quotes it: "Name is empty.", "OpenIdConnect.Issuer: …", "Member 'Steps[0].Name' …".
 */
export function byField(errors: readonly string[], fields: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const sentence of errors) {
    const field = fields.find((name) => speaksOf(sentence, name)) ?? "";
    // Beside its field a sentence needs not say where it is: "OpenIdConnect.Issuer: …".
    const said = field ? sentence.replace(/^[\w.[\]]+: (?=.)/, "") : sentence;
    found.set(field, [...(found.get(field) ?? []), said]);
  }
  return found;
}

function speaksOf(sentence: string, field: string): boolean {
  const escaped = field.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^(?:the )?(?:[\\w[\\]]+\\.)*${escaped}\\b|['"‘“]${escaped}['"’”]`, "i").test(sentence);
}
