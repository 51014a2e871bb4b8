/** The suppression list. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get, query } from "./client";
import type { Suppression } from "./types";

const KEY = ["suppressions"] as const;

export const useSuppressions = (search: string, reason: string) =>
  useQuery({
    queryKey: [...KEY, search, reason],
    queryFn: () => get<Suppression[]>(`/suppressions${query({ search, reason, limit: 200 })}`),
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
