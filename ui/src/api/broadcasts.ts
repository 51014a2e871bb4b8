/** Broadcasts: the list, one, and what can be asked of it. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get } from "./client";
import { whileWell } from "./queries";
import type { Broadcast, NewBroadcast } from "./types";

const KEY = ["broadcasts"] as const;
const LIVE_EVERY_MS = 1_000;
const LIST_EVERY_MS = 3_000;

export const useBroadcasts = () =>
  useQuery({
    queryKey: [...KEY, "list"],
    queryFn: () => get<Broadcast[]>("/broadcasts"),
    refetchInterval: whileWell(LIST_EVERY_MS),
  });

export const useBroadcast = (id: number) =>
  useQuery({
    queryKey: [...KEY, id],
    queryFn: () => get<Broadcast>(`/broadcasts/${id}`),
    refetchInterval: whileWell(LIVE_EVERY_MS),
  });

export function useAddBroadcast() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewBroadcast) => call<Broadcast>("POST", "/broadcasts", body),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useRemoveBroadcast(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<void>("DELETE", `/broadcasts/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: [...KEY, "list"] }),
  });
}

export type Step = "start" | "pause" | "resume" | "cancel";

export function useBroadcastStep(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ step, at }: { step: Step; at?: string }) =>
      call<Broadcast>("POST", `/broadcasts/${id}/${step}`, at ? { at } : undefined),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useChangeBroadcast(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { per_second: number }) => call<Broadcast>("PATCH", `/broadcasts/${id}`, change),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

/** What a broadcast can be made of: rows of other rooms, of which only the id and the name matter here. */
export interface Named {
  id: string;
  name: string;
  version?: number | null;
}

export const useChoices = (room: "templates" | "lists" | "segments") =>
  useQuery({ queryKey: [room, "choices"], queryFn: () => get<Named[]>(`/${room}`), retry: false });
