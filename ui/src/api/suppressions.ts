/** The suppression list. */

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { call, get, query } from "./client";
import type { Suppression } from "./types";

const KEY = ["suppressions"] as const;

const PAGE = 50;

export const useSuppressions = (search: string, reason: string) =>
  useInfiniteQuery({
    queryKey: [...KEY, search, reason],
    queryFn: ({ pageParam }) =>
      get<Suppression[]>(`/suppressions${query({ search, reason, after: pageParam, limit: PAGE })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.cursor),
    placeholderData: (previous) => previous,
  });

export function useSuppress() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { addresses: string[]; reason: "manual" | "imported" }) =>
      call<{ count: number }>("POST", "/suppressions", body),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useUnsuppress() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ address, scope, reason }: Suppression) =>
      call<void>("DELETE", `/suppressions${query({ address, scope, reason })}`),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
