/** Splits code into coloured parts: comments, strings, numbers, keywords. Enough for snippets and JSON; pure. */

export type PartKind = "text" | "comment" | "string" | "number" | "keyword" | "name";

export interface Part {
  kind: PartKind;
  text: string;
}

const KEYWORDS =
  "await|class|const|def|else|end|false|fn|for|from|func|function|if|import|in|interface|let|mut|new|nil|None|null|package|public|require|return|static|true|True|False|try|type|use|var|void|while|with|async|export";

const COMMENTS: Record<string, string> = {
  python: "#[^\\n]*",
  shell: "(?<=^|\\s)#[^\\n]*",
  ruby: "#[^\\n]*",
  php: "//[^\\n]*|/\\*[\\s\\S]*?\\*/",
  html: "<!--[\\s\\S]*?-->",
};
const SLASHES = "(?<!:)//[^\\n]*|/\\*[\\s\\S]*?\\*/";

const STRING = "\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])*'|`(?:\\\\.|[^`\\\\])*`";
const JSON_NAME = '"(?:\\\\.|[^"\\\\\\n])*"(?=\\s*:)';
const NUMBER = "(?<![\\w.])-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?(?![\\w])";

const patterns = new Map<string, RegExp>();

function patternOf(language: string): RegExp {
  const known = patterns.get(language);
  if (known) return known;
  const comment = language === "json" ? "(?!)" : (COMMENTS[language] ?? SLASHES);
  const name = language === "json" ? JSON_NAME : "(?!)";
  const pattern = new RegExp(
    `(?<comment>${comment})|(?<name>${name})|(?<string>${STRING})|(?<number>${NUMBER})|(?<keyword>\\b(?:${KEYWORDS})\\b)`,
    "g",
  );
  patterns.set(language, pattern);
  return pattern;
}

/** The parts of `code` in order; joined they are `code` again. */
export function highlight(code: string, language: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of code.matchAll(patternOf(language))) {
    if (match.index > end) parts.push({ kind: "text", text: code.slice(end, match.index) });
    const groups = match.groups ?? {};
    const kind = (Object.keys(groups).find((name) => groups[name] !== undefined) ?? "text") as PartKind;
    parts.push({ kind, text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < code.length) parts.push({ kind: "text", text: code.slice(end) });
  return parts;
}
