/** The whole picture, read once and then kept true by its live stream. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useStream } from "@/live/stream";
import { get } from "./client";
import type { Pipeline } from "./types";

const KEY = ["pipeline"] as const;

export const usePipeline = () => useQuery({ queryKey: KEY, queryFn: () => get<Pipeline>("/pipeline") });

/** Writes each live message over what `usePipeline` gives. */
export function useLivePipeline() {
  const client = useQueryClient();
  return useStream<Pipeline>("/pipeline/live", "pipeline", (pipeline) => client.setQueryData(KEY, pipeline));
}
