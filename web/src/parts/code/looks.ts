import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { nonce } from "../../api/place";

const highlight = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.modifier],
    color: "var(--state-waiting)",
  },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--state-success)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--state-warning)" },
  { tag: [tags.comment, tags.meta], color: "var(--quiet)", fontStyle: "italic" },
  {
    tag: [tags.propertyName, tags.attributeName, tags.definition(tags.variableName)],
    color: "var(--state-running)",
  },
  {
    tag: [tags.standard(tags.variableName), tags.function(tags.variableName)],
    color: "var(--state-running)",
  },
  { tag: tags.invalid, color: "var(--state-failed)" },
]);

const theme = EditorView.theme({
  "&": {
    backgroundColor: "var(--surface)",
    color: "var(--mantine-color-text)",
    fontSize: "0.85rem",
    border: "1px solid var(--line)",
    borderRadius: "var(--mantine-radius-sm)",
  },
  "&.cm-focused": { outline: "2px solid var(--mantine-primary-color-filled)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--mantine-color-text)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--mantine-color-text)" },
  ".cm-gutters": {
    backgroundColor: "var(--state-quiet-ground)",
    color: "var(--quiet)",
    borderInlineEnd: "1px solid var(--line)",
  },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--state-quiet-ground) 45%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--mantine-color-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, ::selection":
    {
      backgroundColor: "color-mix(in srgb, var(--state-running) 28%, transparent)",
    },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--state-success-ground)",
    outline: "1px solid var(--state-success)",
  },
  ".cm-searchMatch": {
    backgroundColor: "var(--state-warning-ground)",
    outline: "1px solid var(--state-warning)",
  },
  ".cm-searchMatch-selected": { backgroundColor: "var(--state-running-ground)" },
  ".cm-panels": {
    backgroundColor: "var(--surface-raised)",
    color: "var(--mantine-color-text)",
    borderColor: "var(--line)",
  },
  ".cm-panels input, .cm-panels button": {
    backgroundColor: "var(--surface)",
    backgroundImage: "none",
    color: "var(--mantine-color-text)",
    border: "1px solid var(--line)",
    borderRadius: "var(--mantine-radius-sm)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--surface-raised)",
    color: "var(--mantine-color-text)",
    border: "1px solid var(--line)",
  },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--mantine-primary-color-filled)",
    color: "var(--mantine-primary-color-contrast)",
  },
  ".cm-completionDetail": { color: "var(--quiet)", fontStyle: "normal", marginInlineStart: "1em" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--state-failed)",
    textUnderlineOffset: "0.2em",
  },
  ".cm-diagnostic-error": { borderLeftColor: "var(--state-failed)" },
  ".cm-placeholder": { color: "var(--quiet)" },
  ".cm-changedLine": { backgroundColor: "var(--state-success-ground)" },
  ".cm-deletedChunk": { backgroundColor: "var(--state-failed-ground)" },
  "&.cm-merge-a .cm-changedLine, .cm-deletedLine": { backgroundColor: "var(--state-failed-ground)" },
  "&.cm-merge-b .cm-changedText, .cm-changedText": {
    background: "none",
    textDecoration: "underline 2px var(--state-success)",
  },
  "&.cm-merge-a .cm-changedText, .cm-deletedText": {
    background: "none",
    textDecoration: "underline 2px var(--state-failed)",
  },
  ".cm-collapsedLines": {
    background: "var(--state-quiet-ground)",
    color: "var(--quiet)",
    "&:before, &:after": { content: "none" },
  },
});

/** Colours from the portal's tokens, so that an editor follows the theme; its style sheets carry the page's nonce. */
export const looks: Extension = [theme, syntaxHighlighting(highlight), EditorView.cspNonce.of(nonce)];
