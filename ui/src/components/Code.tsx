import classes from "./Code.module.css";
import { CopyIcon } from "./Copy";
import { highlight } from "./highlight";

interface CodeProps {
  code: string;
  language: string;
  /** Without it there is no copy button. */
  what?: string;
  maxHeight?: number;
}

/** A block of code or JSON, coloured, with its copy button in the corner. */
export function Code({ code, language, what, maxHeight }: CodeProps) {
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={classes.code} style={{ maxHeight }} tabIndex={0}>
        <code>
          {highlight(code, language).map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
            <span key={index} className={classes[part.kind]}>
              {part.text}
            </span>
          ))}
        </code>
      </pre>
      {what && (
        <span className={classes.copy}>
          <CopyIcon value={code} what={what} />
        </span>
      )}
    </div>
  );
}

/** Any JSON value, indented. */
export function JsonCode({ value, ...rest }: { value: unknown; what?: string; maxHeight?: number }) {
  return <Code code={JSON.stringify(value, null, 2) ?? ""} language="json" {...rest} />;
}
