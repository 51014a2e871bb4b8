/** Segment Sync: the API keys that AutopilotHQ destinations call with. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get } from "./client";
import type { SegmentSync } from "./types";

const KEY = ["segment-sync"] as const;

export const useSegmentSync = () => useQuery({ queryKey: KEY, queryFn: () => get<SegmentSync>("/segment-sync") });

/** A change, whose answer is the page as it is then. */
function useAct<Input>(act: (input: Input) => Promise<SegmentSync>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: (now) => client.setQueryData(KEY, now) });
}

export const useRegenerateKey = () =>
  useAct((grace_hours: number) => call<SegmentSync>("POST", "/segment-sync/keys", { grace_hours }));
export const useEndKey = () => useAct((id: string) => call<SegmentSync>("DELETE", `/segment-sync/keys/${id}`));
