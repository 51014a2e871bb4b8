/** The demo that plays the whole loop on this server: where it stands, starting it, ending it. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get } from "./client";
import type { components } from "./schema";

export type Demo = components["schemas"]["Demo"];

const KEY = ["demo"] as const;
const LIVE_EVERY_MS = 700;
const LOOK_EVERY_MS = 10_000;

export const useDemo = () =>
  useQuery({
    queryKey: KEY,
    queryFn: () => get<Demo>("/demo"),
    refetchInterval: ({ state }) => (state.data?.is_playing && state.data.done < 1 ? LIVE_EVERY_MS : LOOK_EVERY_MS),
  });

export function usePlayDemo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<Demo>("POST", "/demo"),
    onSuccess: (demo) => client.setQueryData(KEY, demo),
  });
}

export function useEndDemo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<void>("DELETE", "/demo"),
    onSuccess: () =>
      client.setQueryData<Demo>(KEY, { is_playing: false, scene: "", done: 0, mailbox: "", failure: "" }),
  });
}
