import { Text } from "@mantine/core";
import { CopyIcon } from "@/components/Copy";
import classes from "./Transcript.module.css";

/** A talk in SMTP: what we said at the left edge, what the server said with an arrow of its own. */
export function Transcript({ lines }: { lines: string[] }) {
  if (lines.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No connection was made, so nothing was said.
      </Text>
    );
  }
  return (
    <div className={classes.frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <ol className={classes.talk} aria-label="The talk with the server" tabIndex={0}>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line's place is its identity
          <li key={index} className={classes.line} data-theirs={line.startsWith("S:") || undefined}>
            <span className={classes.who}>{line.startsWith("S:") ? "server" : "skywrite"}</span>
            <span className={classes.said}>{line.slice(3)}</span>
          </li>
        ))}
      </ol>
      <span className={classes.copy}>
        <CopyIcon value={lines.join("\n")} what="the talk" />
      </span>
    </div>
  );
}
