import classes from "./Markdown.module.css";
import { type Block, blocksOf, type Inline, inlinesOf, type Table } from "./markdown";

/** A text of the catalog. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      {blocksOf(text).map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
}

/** One line of it, such as what a setting does. */
export function MarkdownLine({ text }: { text: string }) {
  return (
    <span className={classes.line}>
      <Inlines inlines={inlinesOf(text)} />
    </span>
  );
}

function BlockView({ block }: { block: Block }) {
  if (block.kind === "code") return <pre className="mono">{block.text}</pre>;
  if (block.kind === "table") return <TableView table={block} />;
  if (block.kind === "heading") {
    return (
      <h3>
        <Inlines inlines={block.inlines} />
      </h3>
    );
  }
  if (block.kind === "paragraph") {
    return (
      <p>
        <Inlines inlines={block.inlines} />
      </p>
    );
  }
  return (
    <ul>
      {block.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
        <li key={index}>
          <Inlines inlines={item} />
        </li>
      ))}
    </ul>
  );
}

/* None of its cells, rows or columns ever changes its place. */
function TableView({ table }: { table: Table }) {
  const cells = (Cell: "th" | "td", row: Inline[][]) =>
    row.map((inlines, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
      <Cell key={index} style={{ textAlign: table.sides[index] }}>
        <Inlines inlines={inlines} />
      </Cell>
    ));
  return (
    <div className={classes.scroll}>
      <table>
        <thead>
          <tr>{cells("th", table.head)}</tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
            <tr key={index}>{cells("td", row)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Inlines({ inlines }: { inlines: Inline[] }) {
  return inlines.map((inline, index) => {
    const key = `${index}-${inline.kind}`;
    if (inline.kind === "code") return <code key={key}>{inline.text}</code>;
    if (inline.kind === "bold") return <strong key={key}>{inline.text}</strong>;
    if (inline.kind === "stressed") return <em key={key}>{inline.text}</em>;
    if (inline.kind === "text") return inline.text;
    return (
      <a key={key} className="link" href={inline.href} rel="noreferrer" target="_blank">
        {inline.text}
      </a>
    );
  });
}
