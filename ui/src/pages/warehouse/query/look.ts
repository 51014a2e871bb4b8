/** The editor in the product's colours, light and dark alike. */

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const MONO = { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "13px" };

const theme = EditorView.theme({
  "&": { backgroundColor: "transparent", color: "var(--sw-text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { ...MONO, lineHeight: "1.65", minHeight: "144px", maxHeight: "42dvh", overflow: "auto" },
  ".cm-content": { padding: "12px 0", caretColor: "var(--sw-accent)" },
  ".cm-line": { padding: "0 16px 0 8px" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--sw-faint)", border: "none", paddingLeft: "8px" },
  ".cm-placeholder": { color: "var(--mantine-color-placeholder)" },
  ".cm-cursor": { borderLeftColor: "var(--sw-accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--sw-accent) 22%, transparent)",
  },
  ".cm-matchingBracket": { backgroundColor: "var(--sw-accent-soft)", outline: "1px solid var(--sw-border-strong)" },
  ".cm-tooltip": {
    border: "1px solid var(--sw-border)",
    borderRadius: "8px",
    overflow: "hidden",
    backgroundColor: "var(--sw-surface)",
    boxShadow: "0 4px 16px rgb(0 0 0 / 14%)",
  },
  ".cm-tooltip-autocomplete > ul": { ...MONO, maxHeight: "240px" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "4px 12px !important" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--sw-accent-text)",
    backgroundColor: "var(--sw-accent-soft)",
  },
  ".cm-completionIcon": { display: "none" },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "light-dark(#7a3fc4, #c3a0f5)" },
  { tag: [tags.string, tags.special(tags.string)], color: "light-dark(#0f7a55, #7fd4ad)" },
  { tag: [tags.number, tags.bool, tags.null], color: "light-dark(#b2470f, #f0a878)" },
  { tag: tags.comment, color: "var(--sw-faint)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "light-dark(#2f52cb, #9db4fb)" },
]);

export const look = [theme, syntaxHighlighting(colours)];
