import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { LogStatus, PipelineNode } from "@/api/types";
import { bytes, compact, percent, plural, rate } from "@/components/format";
import { KindIcon } from "@/components/KindIcon";
import { Dot } from "@/components/State";
import type { Ghost } from "./layout";
import classes from "./NodeCard.module.css";
import { placeOf, saying, toneOfNode, totalOf } from "./saying";

/** One source, destination or the warehouse; the whole card leads to its page. */
export function NodeCard({ node }: { node: PipelineNode }) {
  const tone = toneOfNode(node);
  return (
    <Link to={placeOf(node)} className={classes.card} data-tone={tone} data-off={!node.enabled || undefined}>
      <KindIcon icon={node.kind === "warehouse" ? "warehouse" : node.icon} size={36} />
      <span className={classes.words}>
        <span className={classes.name}>
          <span className="truncate">{node.name}</span>
          <Dot tone={tone} pulse={node.per_second > 0} />
        </span>
        <span className={classes.line}>
          <b>{rate(node.per_second)}</b>
          <span className={classes.quiet}>{totalOf(node)}</span>
        </span>
        <span className={classes.say} title={saying(node)}>
          {saying(node)}
        </span>
      </span>
    </Link>
  );
}

/** The log: how much it holds, and how full that is. */
export function LogCard({ node, log }: { node: PipelineNode; log: LogStatus }) {
  const share = log.max_bytes > 0 ? Math.min(1, log.bytes / log.max_bytes) : 0;
  const kept = Math.max(0, log.head - log.oldest + 1);
  return (
    <div className={classes.log} data-full={log.full || undefined}>
      <span className={classes.logHead}>
        <KindIcon icon="log" size={36} />
        <span className={classes.logWords}>
          <span className={classes.logName}>{node.name || "Event log"}</span>
          <span className={classes.quiet}>{log.full ? "Full: events are refused" : "Durable, in order"}</span>
        </span>
      </span>
      <span className={classes.logRate}>{rate(node.per_second)}</span>
      <span className={classes.meter} aria-hidden="true">
        <span style={{ width: `${Math.max(share * 100, log.bytes > 0 ? 1.5 : 0)}%` }} />
      </span>
      <span className={classes.logFoot}>
        <span title={`${plural(kept, "request")} kept`}>{compact(kept)} kept</span>
        <span title={`${bytes(log.bytes)} of ${bytes(log.max_bytes)}`}>
          {bytes(log.bytes)} · {percent(log.bytes, log.max_bytes)} full
        </span>
      </span>
    </div>
  );
}

export function GhostCard({ ghost }: { ghost: Ghost }) {
  return (
    <Link to={ghost.to} className={classes.ghost}>
      <IconPlus size={16} aria-hidden="true" />
      {ghost.name}
    </Link>
  );
}
