import type { Pipeline } from "@/api/types";
import { type Box, columnsOf } from "./layout";
import { GhostCard, LogCard, NodeCard } from "./NodeCard";
import classes from "./PipelinePage.module.css";

/** The picture on a narrow screen: the same cards, one group under the other. */
export function PipelineStack({ pipeline }: { pipeline: Pipeline }) {
  const [sources, log, readers, back] = columnsOf(pipeline);
  const flows = log.some((box) => box.kind === "log" && box.per_second > 0);
  return (
    <div className={classes.stack}>
      <Group name="Sources" boxes={sources} pipeline={pipeline} />
      <span className={classes.pipe} data-flows={flows || undefined} aria-hidden="true" />
      <Group name="Log" boxes={log} pipeline={pipeline} />
      <span className={classes.pipe} data-flows={flows || undefined} aria-hidden="true" />
      <Group name="Warehouse and destinations" boxes={readers} pipeline={pipeline} />
      {back.length > 0 && (
        <>
          <span className={classes.pipe} data-flows={flows || undefined} aria-hidden="true" />
          <Group name="Contacts and email" boxes={back.toReversed()} pipeline={pipeline} />
        </>
      )}
    </div>
  );
}

function Group({ name, boxes, pipeline }: { name: string; boxes: Box[]; pipeline: Pipeline }) {
  return (
    <ul className={classes.group} aria-label={name}>
      {boxes.map((box) => (
        <li key={box.id}>
          {box.kind === "ghost" ? (
            <GhostCard ghost={box} />
          ) : box.kind === "log" ? (
            <LogCard node={box} log={pipeline.log} />
          ) : (
            <NodeCard node={box} />
          )}
        </li>
      ))}
    </ul>
  );
}
