/** The editor of mails in the product's colours, light and dark alike. */

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { backgroundColor: "transparent", color: "var(--sw-text)", height: "100%" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mantine-font-family-monospace)",
    fontSize: "12.5px",
    lineHeight: "1.65",
    overflow: "auto",
  },
  ".cm-content": { padding: "12px 0", caretColor: "var(--sw-accent)" },
  ".cm-line": { padding: "0 16px 0 4px" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--sw-accent) 6%, transparent)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--sw-faint)", border: "none", paddingLeft: "8px" },
  ".cm-foldGutter span": { color: "var(--sw-faint)" },
  ".cm-cursor": { borderLeftColor: "var(--sw-accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--sw-accent) 22%, transparent)",
  },
  ".cm-matchingBracket": { backgroundColor: "var(--sw-accent-soft)", outline: "1px solid var(--sw-border-strong)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: "light-dark(#2f52cb, #9db4fb)" },
  { tag: tags.attributeName, color: "light-dark(#7a3fc4, #c3a0f5)" },
  { tag: [tags.attributeValue, tags.string], color: "light-dark(#0f7a55, #7fd4ad)" },
  { tag: [tags.keyword, tags.controlKeyword, tags.brace, tags.operator], color: "light-dark(#b2470f, #f0a878)" },
  { tag: [tags.variableName, tags.propertyName], color: "light-dark(#a3460d, #f3b88f)" },
  { tag: tags.comment, color: "var(--sw-faint)", fontStyle: "italic" },
]);

export const look = [theme, syntaxHighlighting(colours)];
