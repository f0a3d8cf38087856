import { Code } from "@mantine/core";

/** A sentence of the server's help: short Markdown in which only code is marked. */
export function Help({ text }: { text: string }) {
  return (
    <>
      {text.split("`").map((part, at) =>
        at % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed sentence never move
          <Code key={at} fz="inherit">
            {part}
          </Code>
        ) : (
          part
        ),
      )}
    </>
  );
}
