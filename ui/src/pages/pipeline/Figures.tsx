import type { Pipeline, PipelineNode } from "@/api/types";
import { compact, count, rate } from "@/components/format";
import { Stat, Stats } from "@/components/Stat";
import { toneOf } from "@/components/State";
import { isBehind } from "./saying";

const TROUBLED = ["bad", "warn"];

/** The whole pipeline in four figures. */
export function Figures({ pipeline }: { pipeline: Pipeline }) {
  const sources = of(pipeline, "source");
  const readers = [...of(pipeline, "warehouse"), ...of(pipeline, "destination")];
  const behind = Math.max(0, ...readers.filter((node) => node.enabled && isBehind(node)).map((node) => node.lag));
  const troubled = pipeline.nodes.filter((node) => node.enabled && TROUBLED.includes(toneOf(node.state)));
  return (
    <Stats>
      <Stat name="Receiving now" value={rate(sum(sources, (node) => node.per_second))} />
      <Stat name="Received in 24 h" value={compact(sum(sources, (node) => node.total_24h))} />
      <Stat
        name="Furthest behind"
        value={behind === 0 ? "Up to date" : count(behind)}
        note={behind === 0 ? undefined : "requests not yet read"}
      />
      <Stat
        name="Need attention"
        value={troubled.length}
        note={troubled.map((node) => node.name).join(", ") || undefined}
        tone={troubled.length > 0 ? "bad" : undefined}
      />
    </Stats>
  );
}

const of = (pipeline: Pipeline, kind: PipelineNode["kind"]) => pipeline.nodes.filter((node) => node.kind === kind);

const sum = (nodes: PipelineNode[], figure: (node: PipelineNode) => number) =>
  nodes.reduce((total, node) => total + figure(node), 0);
