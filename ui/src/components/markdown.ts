/** The little Markdown that the catalog's texts use: paragraphs, lists, tables, headings, code, bold, links. Pure. */

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "bold"; text: string }
  | { kind: "stressed"; text: string }
  | { kind: "link"; text: string; href: string };

export type Side = "left" | "center" | "right" | undefined;

export interface Table {
  head: Inline[][];
  rows: Inline[][][];
  sides: Side[]; // of each column
}

export type Block =
  | { kind: "heading"; inlines: Inline[] }
  | { kind: "paragraph"; inlines: Inline[] }
  | { kind: "list"; items: Inline[][] }
  | ({ kind: "table" } & Table)
  | { kind: "code"; text: string };

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https?:\/\/[^)\s]+|\/[^)\s]*)\)/g;
const ITEM = /^\s*(?:[-*]|\d+\.)\s+/;
const RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/; // the line beneath a table's head

export const blocksOf = (markdown: string): Block[] => partsOf(markdown).flatMap(blocksOfPart);

/** Parted at empty lines, but for those inside a fence. */
function partsOf(markdown: string): string[] {
  const parts: string[][] = [[]];
  let isFenced = false;
  for (const line of markdown.replaceAll("\r", "").split("\n")) {
    if (line.startsWith("```")) isFenced = !isFenced;
    if (line.trim() === "" && !isFenced) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
}

function blocksOfPart(text: string): Block[] {
  const fence = /^```\w*\n([\s\S]*?)\n?```$/.exec(text.trim());
  if (fence) return [{ kind: "code", text: fence[1] ?? "" }];
  const lines = text.split("\n");
  const first = lines[0] ?? "";
  if (/^#+\s/.test(first)) {
    const rest = lines.slice(1).join("\n");
    const heading: Block = { kind: "heading", inlines: inlinesOf(first.replace(/^#+\s+/, "")) };
    return rest.trim() === "" ? [heading] : [heading, ...blocksOfPart(rest)];
  }
  const head = lines.findIndex((line, index) => isHead(line, lines[index + 1] ?? ""));
  if (head >= 0) {
    const table: Block = { kind: "table", ...tableOf(lines.slice(head)) };
    return head === 0 ? [table] : [...blocksOfPart(lines.slice(0, head).join("\n")), table];
  }
  const start = lines.findIndex((line) => ITEM.test(line));
  if (start < 0) return [{ kind: "paragraph", inlines: inlinesOf(joined(lines)) }];
  const before = joined(lines.slice(0, start));
  const list: Block = { kind: "list", items: itemsOf(lines.slice(start)).map(inlinesOf) };
  return before === "" ? [list] : [{ kind: "paragraph", inlines: inlinesOf(before) }, list];
}

const isHead = (line: string, next: string): boolean =>
  line.includes("|") && next.includes("|") && RULE.test(next) && cellsOf(line).length === cellsOf(next).length;

/** As on GitHub: every row has as many cells as the head. */
function tableOf(lines: string[]): Table {
  const [head = "", rule = "", ...rows] = lines;
  const titles = cellsOf(head);
  return {
    head: titles.map(inlinesOf),
    sides: cellsOf(rule).map(sideOf),
    rows: rows.map(cellsOf).map((cells) => titles.map((_, index) => inlinesOf(cells[index] ?? ""))),
  };
}

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));

function sideOf(rule: string): Side {
  if (rule.endsWith(":")) return rule.startsWith(":") ? "center" : "right";
  return rule.startsWith(":") ? "left" : undefined;
}

/** A line that begins no item goes on with the one before. */
function itemsOf(lines: string[]): string[] {
  const items: string[] = [];
  for (const line of lines) {
    if (ITEM.test(line)) items.push(line.replace(ITEM, ""));
    else items.push(`${items.pop() ?? ""} ${line.trim()}`);
  }
  return items;
}

const joined = (lines: string[]): string =>
  lines
    .map((line) => line.trim())
    .join(" ")
    .trim();

export function inlinesOf(text: string): Inline[] {
  const inlines: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) inlines.push({ kind: "text", text: text.slice(end, match.index) });
    const [whole, code, bold, stressed, label, href] = match;
    if (code !== undefined) inlines.push({ kind: "code", text: code });
    else if (bold !== undefined) inlines.push({ kind: "bold", text: bold });
    else if (stressed !== undefined) inlines.push({ kind: "stressed", text: stressed });
    else inlines.push({ kind: "link", text: label ?? "", href: href ?? "" });
    end = match.index + whole.length;
  }
  if (end < text.length) inlines.push({ kind: "text", text: text.slice(end) });
  return inlines;
}
