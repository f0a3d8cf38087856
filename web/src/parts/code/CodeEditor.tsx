import {
  autocompletion,
  type Completion as Completed,
  type CompletionContext,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { useEffect, useId, useLayoutEffect, useRef } from "react";
import { t } from "../../text";
import { offersFor } from "./completing";
import type { Completion, Language } from "./helpers";
import { grammar } from "./language";
import { looks } from "./looks";

interface Props {
  value: string;
  onChange?: (text: string) => void;
  language?: Language;
  /** What the text is, for people who do not see the field's heading. */
  label: string;
  /** Names of variables, offered within `#{`. */
  completions?: readonly Completion[];
  /** Problems by line, the first one being 1. */
  problems?: readonly { line: number; message: string }[];
  readOnly?: boolean;
  /** In rem. */
  minHeight?: number;
}

const NONE: readonly never[] = [];

/**
 * Text typed over a selection goes in by the editor. The browser would keep the looks of what it replaces in a `style`
 * attribute, which the content security policy forbids.
 */
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    const text = event.data;
    if (event.inputType !== "insertText" || text === null || empty || view.composing || view.state.readOnly)
      return false;
    const insert = () =>
      view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    const taken = view.state
      .facet(EditorView.inputHandler)
      .some((handler) => handler(view, from, to, text, insert));
    if (!taken) view.dispatch(insert());
    return true;
  },
});

const usual: Extension = [
  typedOver,
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  EditorState.allowMultipleSelections.of(true),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  search({ top: true }),
  lintGutter(),
  EditorView.lineWrapping,
  looks,
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...searchKeymap,
    ...historyKeymap,
    ...completionKeymap,
    ...lintKeymap,
    indentWithTab,
  ]),
];

/** Problems as the editor marks them; one beyond the end stands on the last line. */
function diagnostics(
  state: EditorState,
  problems: readonly { line: number; message: string }[],
): Diagnostic[] {
  return problems.map(({ line, message }) => {
    const { from, to } = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
    return { from, to, message, severity: "error" };
  });
}

/**
 * A text with line numbers, colours, search (Ctrl+F), problems in the margin, and completion of `#{` and of helpers.
 *
 * Tab indents; Esc and then Tab goes on to what follows, as the hint for screen readers says. Import it lazily.
 */
export default function CodeEditor({
  value,
  onChange,
  language = "text",
  label,
  completions = NONE,
  problems = NONE,
  readOnly = false,
  minHeight = 8,
}: Props) {
  const room = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const parts = useRef({ grammar: new Compartment(), settings: new Compartment() });
  const told = useRef({ onChange, completions, language });
  const first = useRef(value);
  const hint = useId();
  told.current = { onChange, completions, language };

  useEffect(() => {
    if (!room.current) return;
    const complete = (context: CompletionContext) => {
      const line = context.state.doc.lineAt(context.pos);
      const before = line.text.slice(0, context.pos - line.from);
      const { completions: names, language: spoken } = told.current;
      const found = offersFor(
        before,
        line.text.slice(context.pos - line.from),
        names,
        spoken,
        context.explicit,
      );
      if (!found) return null;
      const options: Completed[] = found.offers.map(({ kind, detail, ...offer }) => ({
        ...offer,
        type: kind,
        ...(detail ? { detail } : {}),
      }));
      return { from: line.from + found.from, options, validFor: /^[\w.[\]-]*$/ };
    };
    const made = new EditorView({
      parent: room.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          usual,
          autocompletion({ override: [complete], icons: false }),
          parts.current.grammar.of([]),
          parts.current.settings.of([]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.every((each) => each.isUserEvent("outside")))
              told.current.onChange?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      first.current = made.state.doc.toString();
      made.destroy();
    };
  }, []);

  // At once with the render that brought it: later, the editor may hold a letter more, which would be taken back.
  useLayoutEffect(() => {
    const now = view.current;
    if (!now || now.state.doc.toString() === value) return;
    now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: value }, userEvent: "outside" });
  }, [value]);

  useEffect(() => {
    let late = false;
    void grammar(language).then((found) => {
      if (!late) view.current?.dispatch({ effects: parts.current.grammar.reconfigure(found) });
    });
    return () => {
      late = true;
    };
  }, [language]);

  useEffect(() => {
    const settings: Extension = [
      EditorState.readOnly.of(readOnly),
      EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": hint, tabindex: "0" }),
      EditorView.theme({
        "&": { maxHeight: "80vh" },
        ".cm-content, .cm-gutter": { minHeight: `${minHeight}rem` },
      }),
    ];
    view.current?.dispatch({ effects: parts.current.settings.reconfigure(settings) });
  }, [readOnly, label, minHeight, hint]);

  useEffect(() => {
    if (view.current)
      view.current.dispatch(setDiagnostics(view.current.state, diagnostics(view.current.state, problems)));
  }, [problems]);

  return (
    <div>
      <div ref={room} data-code-editor={label} />
      <span id={hint} className="visually-hidden">
        {t("Tab indents. Press Escape and then Tab to go on.")}
      </span>
    </div>
  );
}
