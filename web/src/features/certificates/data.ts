const BLOCK = 0x8000;

function encoded(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += BLOCK)
    text += String.fromCharCode(...bytes.subarray(at, at + BLOCK));
  return btoa(text);
}

/** A text in base64, as the API takes certificates. */
export const base64OfText = (text: string): string => encoded(new TextEncoder().encode(text));

/** The bytes of a file in base64. */
export const base64Of = async (file: Blob): Promise<string> =>
  encoded(new Uint8Array(await file.arrayBuffer()));
