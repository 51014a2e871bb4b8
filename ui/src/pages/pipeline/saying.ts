/** What a box of the picture says of itself, and where it leads. Pure. */

import type { PipelineNode } from "@/api/types";
import { compact, plural } from "@/components/format";
import { type Tone, toneOf, wordsOf } from "@/components/State";

/** One short line: why it fails, how far behind it is, or that all is well. */
export function saying(node: PipelineNode): string {
  if (!node.enabled) return "Disabled";
  if (node.detail) return node.detail;
  if (node.kind === "source") return trafficOf(node);
  if (node.kind === "contacts") return node.per_second > 0 ? "Events are applied" : "Up to date";
  if (node.kind === "email") return node.state === "ok" ? "Ready to send" : wordsOf(node.state);
  if (isBehind(node)) return `${plural(node.lag, "request")} behind`;
  return wordsOf(node.state);
}

const KEEPING_UP_SECONDS = 10;
const KEEPING_UP_LEAST = 50;

/** A reader under load is always a little behind: it counts from ten seconds' worth on. */
export const isBehind = (node: PipelineNode): boolean =>
  node.lag > Math.max(node.per_second > 0 ? KEEPING_UP_LEAST : 0, KEEPING_UP_SECONDS * node.per_second);

function trafficOf(node: PipelineNode): string {
  if (node.per_second > 0) return "Receiving";
  return node.total_24h === 0 ? "No events yet" : "Quiet";
}

/** What its total counts. */
export function totalOf(node: PipelineNode): string {
  if (node.kind === "contacts") return `${compact(node.total_24h)} people`;
  return node.kind === "email" ? `${compact(node.total_24h)} sent in 24 h` : `${compact(node.total_24h)} in 24 h`;
}

/** A source that has sent nothing of late is neither well nor ill. */
export function toneOfNode(node: PipelineNode): Tone {
  if (!node.enabled) return "idle";
  const tone = toneOf(node.state);
  return node.kind === "source" && tone === "good" && node.per_second === 0 ? "idle" : tone;
}

const ROOMS: Record<PipelineNode["kind"], (node: PipelineNode) => string> = {
  source: (node) => `/sources/${bare(node.id)}/overview`,
  destination: (node) => `/destinations/${bare(node.id)}/overview`,
  warehouse: () => "/warehouse/syncs",
  log: () => "/",
  contacts: () => "/contacts",
  email: () => "/channels/sending",
};

export const placeOf = (node: PipelineNode): string => ROOMS[node.kind](node);

/** Node ids may carry their kind in front, as in `source:abc`. */
const bare = (id: string): string => id.replace(/^(source|destination):/, "");
