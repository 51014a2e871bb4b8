import { closeBrackets } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { html } from "@codemirror/lang-html";
import { liquid } from "@codemirror/lang-liquid";
import { bracketMatching, foldGutter, foldKeymap } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from "react";
import { look } from "./look";

export interface SourceHandle {
  /** Shows a line, from 1, and puts the cursor there. */
  goTo: (line: number) => void;
}

interface SourceEditorProps {
  value: string;
  onChange: (value: string) => void;
  onSave: () => void;
  ref?: Ref<SourceHandle>;
}

const language = liquid({ base: html({ matchClosingTags: true, autoCloseTags: true }) });

/** The editor of a template's source: HTML or MJML with Liquid in it. Escape, then Tab leaves it. */
export function SourceEditor({ value, onChange, onSave, ref }: SourceEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const change = useEffectEvent(onChange);
  const save = useEffectEvent(onSave);
  const first = useEffectEvent(() => value);

  useEffect(() => {
    if (place.current === null) return;
    const saves = keymap.of([{ key: "Mod-s", preventDefault: true, run: handled(save) }]);
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first(),
        extensions: [
          Prec.highest(saves),
          lineNumbers(),
          foldGutter(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          bracketMatching(),
          closeBrackets(),
          keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]),
          language,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            "aria-label": "Source of the mail",
            "aria-description": "Escape, then Tab leaves it.",
          }),
          EditorView.updateListener.of((update) => update.docChanged && change(update.state.doc.toString())),
          look,
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useImperativeHandle(ref, () => ({
    goTo: (line) => {
      const editor = view.current;
      if (editor === null) return;
      const { from, to } = editor.state.doc.line(Math.min(Math.max(line, 1), editor.state.doc.lines));
      editor.dispatch({
        selection: { anchor: from, head: to },
        effects: EditorView.scrollIntoView(from, { y: "center" }),
      });
      editor.focus();
    },
  }));

  return <div ref={place} />;
}

/** As a command that leaves the key to nobody else. */
const handled = (act: () => void) => () => {
  act();
  return true;
};
