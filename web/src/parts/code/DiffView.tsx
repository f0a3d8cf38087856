import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { Language } from "./helpers";
import { grammar } from "./language";
import { looks } from "./looks";

interface Props {
  before: string;
  after: string;
  /** What the two texts are, for screen readers. */
  beforeLabel: string;
  afterLabel: string;
  language?: Language;
}

/** Two texts side by side with what changed marked; unchanged stretches are folded. Import it lazily. */
export default function DiffView({ before, after, beforeLabel, afterLabel, language = "text" }: Props) {
  const room = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let made: MergeView | undefined;
    let ended = false;
    void grammar(language).then((found) => {
      if (ended || !room.current) return;
      const side = (doc: string, label: string) => ({
        doc,
        extensions: [
          looks,
          found,
          lineNumbers(),
          EditorView.lineWrapping,
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ "aria-label": label }),
        ],
      });
      made = new MergeView({
        a: side(before, beforeLabel),
        b: side(after, afterLabel),
        parent: room.current,
        collapseUnchanged: { margin: 3, minSize: 6 },
        gutter: true,
      });
    });
    return () => {
      ended = true;
      made?.destroy();
    };
  }, [before, after, beforeLabel, afterLabel, language]);
  return <div ref={room} />;
}
