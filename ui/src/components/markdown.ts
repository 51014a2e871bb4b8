/** The little Markdown that the catalog's texts use: paragraphs, lists, headings, code, bold, links. Pure. */

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "bold"; text: string }
  | { kind: "stressed"; text: string }
  | { kind: "link"; text: string; href: string };

export type Block =
  | { kind: "heading"; inlines: Inline[] }
  | { kind: "paragraph"; inlines: Inline[] }
  | { kind: "list"; items: Inline[][] }
  | { kind: "code"; text: string };

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https?:\/\/[^)\s]+|\/[^)\s]*)\)/g;
const ITEM = /^\s*(?:[-*]|\d+\.)\s+/;

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
  const start = lines.findIndex((line) => ITEM.test(line));
  if (start < 0) return [{ kind: "paragraph", inlines: inlinesOf(joined(lines)) }];
  const before = joined(lines.slice(0, start));
  const list: Block = { kind: "list", items: itemsOf(lines.slice(start)).map(inlinesOf) };
  return before === "" ? [list] : [{ kind: "paragraph", inlines: inlinesOf(before) }, list];
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
