import { autocompletion, closeBrackets, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { bracketMatching } from "@codemirror/language";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import { look } from "./look";

interface SqlEditorProps {
  value: string;
  onChange: (value: string) => void;
  onRun: () => void;
  /** Columns by table, `schema.table`, for completion. */
  tables: Record<string, string[]>;
}

/** The SQL editor. Escape, then Tab leaves it: Tab alone is the browser's, so that the keyboard is never caught. */
export function SqlEditor({ value, onChange, onRun, tables }: SqlEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const language = useRef(new Compartment());
  const run = useEffectEvent(onRun);
  const change = useEffectEvent(onChange);
  const first = useEffectEvent(() => value);

  useEffect(() => {
    if (place.current === null) return;
    const runs = Prec.highest(keymap.of([{ key: "Mod-Enter", run: handled(run) }]));
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first(),
        extensions: [
          runs,
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ activateOnTyping: true }),
          keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          placeholder("select * from …"),
          language.current.of([]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": "SQL" }),
          EditorView.updateListener.of((update) => update.docChanged && change(update.state.doc.toString())),
          look,
        ],
      }),
    });
    view.current = editor;
    editor.focus();
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    const known = sql({ dialect: PostgreSQL, schema: tables, upperCaseKeywords: false });
    view.current?.dispatch({ effects: language.current.reconfigure(known) });
  }, [tables]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  return <div ref={place} />;
}

/** As a command that leaves the key to nobody else. */
const handled = (act: () => void) => (view: EditorView) => {
  closeCompletion(view);
  act();
  return true;
};
