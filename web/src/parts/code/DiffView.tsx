import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useMediaQuery } from "@mantine/hooks";
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

const FOLDED = { margin: 3, minSize: 6 };

/**
 * Two texts side by side with what changed marked; one above the other where there is no room beside each other.
 * Unchanged stretches are folded. Import it lazily.
 */
export default function DiffView({ before, after, beforeLabel, afterLabel, language = "text" }: Props) {
  const room = useRef<HTMLDivElement>(null);
  const narrow = useMediaQuery("(max-width: 62em)");
  useEffect(() => {
    let made: { destroy: () => void } | undefined;
    let ended = false;
    void grammar(language).then((found) => {
      if (ended || !room.current) return;
      const side = (doc: string, label: string, ...more: Extension[]) => ({
        doc,
        extensions: [
          looks,
          found,
          lineNumbers(),
          EditorView.lineWrapping,
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          ...more,
        ],
      });
      const parent = room.current;
      made = narrow
        ? new EditorView({
            parent,
            ...side(
              after,
              `${beforeLabel}, ${afterLabel}`,
              unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: FOLDED }),
            ),
          })
        : new MergeView({
            parent,
            a: side(before, beforeLabel),
            b: side(after, afterLabel),
            collapseUnchanged: FOLDED,
            gutter: true,
          });
    });
    return () => {
      ended = true;
      made?.destroy();
    };
  }, [before, after, beforeLabel, afterLabel, language, narrow]);
  return <div ref={room} />;
}
