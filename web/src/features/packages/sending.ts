import { address, csrfToken, SIGNED_OUT } from "../../api/client";
import { bytes, t } from "../../text";

export type Overwrite = "FailIfExists" | "OverwriteExisting" | "IgnoreIfExists";

interface Told {
  onSent: (bytes: number) => void;
  onDone: (pushed: { PackageId: string; Version: string }) => void;
  onRefused: (sentences: readonly string[]) => void;
}

/**
 * Sends a file as a package and returns how to stop. The browser reads it from the disk as it goes: it is never in memory
 * as a whole. `fetch` would not tell how much was sent.
 */
export function sendPackage(spaceId: string, file: File, overwriteMode: Overwrite, told: Told): () => void {
  const request = new XMLHttpRequest();
  request.open("POST", address("/api/{spaceId}/packages/raw", { spaceId }, { overwriteMode }));
  request.setRequestHeader("X-Octopus-Csrf-Token", csrfToken());
  request.upload.onprogress = (event) => told.onSent(Math.min(file.size, event.loaded));
  request.onerror = () =>
    told.onRefused([t("The line to the server broke, or the file cannot be read any more. Try again.")]);
  request.onload = () => {
    if (request.status === 401) window.dispatchEvent(new Event(SIGNED_OUT));
    const body = parsed(request.responseText);
    if (request.status >= 200 && request.status < 300)
      told.onDone({ PackageId: String(body.PackageId), Version: String(body.Version) });
    else told.onRefused(sentencesIn(body, request.status, file));
  };
  const form = new FormData();
  form.append("file", file, file.name);
  request.send(form);
  return () => request.abort();
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

const TOO_LARGE = 413;

/** Why a file was refused. What does not speak as our server does is a proxy before it. */
function sentencesIn(body: Record<string, unknown>, status: number, file: File): readonly string[] {
  const errors = Array.isArray(body.Errors) ? body.Errors.map(String) : [];
  if (errors.length > 0) return errors;
  if (typeof body.ErrorMessage === "string") return [body.ErrorMessage];
  if (status === TOO_LARGE)
    return [
      t(
        "Something between you and the server takes no file of this size ({{size}}). Whoever runs it must allow more: nginx by client_max_body_size.",
        { size: bytes(file.size) },
      ),
    ];
  return [t("The server answered {{status}}.", { status })];
}
