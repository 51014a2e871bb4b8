/**
 * Where each box of the picture stands: sources left, the log in the middle, who reads it right; and where mail is
 * sent, contacts and the email channel under them, on the way back from right to left. Pure.
 */

import type { NodeKind, Pipeline, PipelineNode } from "@/api/types";

export const BOX = { width: 248, height: 76 };
export const LOG_BOX = { width: 232, height: 136 };
const GAP = 16;
const PAD = 24;
const LOWEST = 320;
const BAND = 36; // between the columns and what stands under them
/** Narrower than this, the picture is a list. */
export const NARROWEST = BOX.width * 2 + LOG_BOX.width + 2 * PAD + 2 * 48;

const COLUMN: Record<NodeKind, 0 | 1 | 2 | 3> = {
  source: 0,
  log: 1,
  warehouse: 2,
  destination: 2,
  email: 3,
  contacts: 3,
};
const LOOP = "autopilothq"; // what stands at the loop's two ends

/** What is not there yet, and where to make it. */
export interface Ghost {
  id: string;
  kind: "ghost";
  name: string;
  to: string;
}

export type Box = PipelineNode | Ghost;

export interface Placed {
  box: Box;
  x: number;
  y: number;
  width: number;
  height: number;
}

const GHOST_SOURCE: Ghost = { id: "add-source", kind: "ghost", name: "Add a source", to: "/sources/catalog" };
const GHOST_DESTINATION: Ghost = {
  id: "add-destination",
  kind: "ghost",
  name: "Add a destination",
  to: "/destinations/catalog",
};

/**
 * The three columns, top to bottom: as the server gives them, the warehouse before the destinations, and last what
 * the loop goes on from; then what stands on the way back, left to right.
 */
export function columnsOf(pipeline: Pipeline): [Box[], Box[], Box[], Box[]] {
  const columns: [Box[], Box[], Box[], Box[]] = [[], [], [], []];
  const hasLoop = pipeline.nodes.some((node) => COLUMN[node.kind] === 3);
  const ends = hasLoop ? pipeline.nodes.filter((node) => node.icon === LOOP) : [];
  for (const node of pipeline.nodes) if (!ends.includes(node)) columns[COLUMN[node.kind]].push(node);
  columns[2].sort((one, other) => Number(other.kind === "warehouse") - Number(one.kind === "warehouse"));
  columns[0].push(GHOST_SOURCE);
  columns[2].push(GHOST_DESTINATION);
  for (const node of ends) columns[COLUMN[node.kind]].push(node);
  columns[3].reverse();
  return columns;
}

export type Side = "left" | "right" | "top" | "bottom";

/** From which side of one box to which of another an edge goes, by the kinds of both. */
export function sidesOf(from: NodeKind, to: NodeKind): [Side, Side] {
  if (from === "contacts") return ["left", "right"];
  if (from === "email") return ["left", "bottom"];
  return to === "contacts" ? ["bottom", "top"] : ["right", "left"];
}

const sizeOf = (box: Box) => (box.kind === "log" ? LOG_BOX : BOX);

const heightOf = (boxes: Box[]): number =>
  boxes.reduce((sum, box) => sum + sizeOf(box).height, 0) + GAP * Math.max(0, boxes.length - 1);

/** All boxes for a picture of this width, each column centred on the tallest. */
export function layout(pipeline: Pipeline, width: number): { placed: Placed[]; height: number } {
  const [sources, logs, readers, back] = columnsOf(pipeline);
  const columns = [sources, logs, readers];
  const tallest = Math.max(LOWEST, ...columns.map(heightOf));
  const lefts = [PAD, (width - LOG_BOX.width) / 2, width - PAD - BOX.width];
  const placed = columns.flatMap((boxes, column) => {
    let y = PAD + (tallest - heightOf(boxes)) / 2;
    return boxes.map((box) => {
      const size = sizeOf(box);
      const place = { box, x: lefts[column] ?? 0, y, ...size };
      y += size.height + GAP;
      return place;
    });
  });
  if (back.length === 0) return { placed, height: tallest + 2 * PAD };
  const y = PAD + tallest + BAND;
  const centre = (width - BOX.width) / 2;
  placed.push(...back.map((box) => ({ box, x: box.kind === "email" ? centre : width - PAD - BOX.width, y, ...BOX })));
  return { placed, height: y + BOX.height + PAD };
}

const THINNEST = 1.5;
const THICKEST = 5;

/** How thick an edge is drawn: by the order of magnitude of its rate. */
export function thickness(perSecond: number): number {
  if (perSecond <= 0) return THINNEST;
  return Math.min(THICKEST, THINNEST + Math.log10(1 + perSecond) * 0.9);
}

/** How long the dashes of an edge take for one step, in seconds; null where nothing flows. */
export function pace(perSecond: number): number | null {
  return perSecond <= 0 ? null : Math.max(0.35, 1.6 - Math.log10(1 + perSecond) * 0.4);
}
