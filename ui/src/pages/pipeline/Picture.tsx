import "@xyflow/react/dist/base.css";
import { useMantineColorScheme } from "@mantine/core";
import {
  type Edge,
  type EdgeProps,
  getBezierPath,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import { useMemo } from "react";
import type { LogStatus, Pipeline } from "@/api/types";
import { rate } from "@/components/format";
import { type Box, layout, pace, type Side, sidesOf, thickness } from "./layout";
import { GhostCard, LogCard, NodeCard } from "./NodeCard";
import classes from "./Picture.module.css";

type BoxNode = Node<{ box: Box; log: LogStatus }, "box">;
type FlowEdge = Edge<{ perSecond: number }, "flow">;

const NODE_TYPES = { box: BoxView };
const EDGE_TYPES = { flow: FlowView };
const STILL = { x: 0, y: 0, zoom: 1 };

/** The pipeline drawn at this width: nothing to drag, nothing to zoom; it is a picture of what is. */
export function Picture({ pipeline, width }: { pipeline: Pipeline; width: number }) {
  const { colorScheme } = useMantineColorScheme();
  const { placed, height } = useMemo(() => layout(pipeline, width), [pipeline, width]);
  const nodes = placed.map(
    ({ box, x, y, width, height }): BoxNode => ({
      id: box.id,
      type: "box",
      position: { x, y },
      width,
      height,
      data: { box, log: pipeline.log },
    }),
  );
  const kinds = new Map(pipeline.nodes.map((node) => [node.id, node.kind]));
  const edges = pipeline.edges.map(({ source, target, per_second }): FlowEdge => {
    const [sourceHandle, targetHandle] = sidesOf(kinds.get(source) ?? "source", kinds.get(target) ?? "log");
    const data = { perSecond: per_second };
    return { id: `${source}>${target}`, type: "flow", source, target, sourceHandle, targetHandle, data };
  });
  return (
    <div className={classes.picture} style={{ height }}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={colorScheme === "auto" ? "system" : colorScheme}
        viewport={STILL}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        panOnDrag={false}
        zoomOnScroll={false}
        zoomOnPinch={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
        aria-label="The pipeline: sources, the log, the warehouse, destinations, contacts and email"
      />
    </div>
  );
}

function BoxView({ data: { box, log } }: NodeProps<BoxNode>) {
  return (
    <>
      <Handles />
      {box.kind === "ghost" ? (
        <GhostCard ghost={box} />
      ) : box.kind === "log" ? (
        <LogCard node={box} log={log} />
      ) : (
        <NodeCard node={box} />
      )}
    </>
  );
}

const SIDES: [Side, Position][] = [
  ["left", Position.Left],
  ["right", Position.Right],
  ["top", Position.Top],
  ["bottom", Position.Bottom],
];

/** Where edges may begin and end. */
function Handles() {
  return SIDES.flatMap(([side, position]) => [
    <Handle key={`to ${side}`} id={side} type="target" position={position} className={classes.handle} />,
    <Handle key={`from ${side}`} id={side} type="source" position={position} className={classes.handle} />,
  ]);
}

/** A line that moves while events flow; its thickness and pace tell how many. */
function FlowView(props: EdgeProps<FlowEdge>) {
  const perSecond = props.data?.perSecond ?? 0;
  const [path] = getBezierPath(props);
  const seconds = pace(perSecond);
  return (
    <g>
      <title>{rate(perSecond)}</title>
      <path className={classes.bed} d={path} strokeWidth={thickness(perSecond)} />
      {seconds !== null && (
        <path
          className={classes.flow}
          d={path}
          strokeWidth={thickness(perSecond)}
          style={{ animationDuration: `${seconds}s` }}
        />
      )}
    </g>
  );
}
