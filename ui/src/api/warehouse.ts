/** The warehouse: its state, its tables, its syncs, and SQL on it. */

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get, query } from "./client";
import type { QueryResult, Sync, TableInfo, WarehouseStatus } from "./types";

const KEY = ["warehouse"] as const;
const STATUS_EVERY_MS = 3_000;
const PAGE = 50;

export const useWarehouseStatus = () =>
  useQuery({
    queryKey: [...KEY, "status"],
    queryFn: () => get<WarehouseStatus>("/warehouse/status"),
    refetchInterval: STATUS_EVERY_MS,
  });

export const useTables = () =>
  useQuery({
    queryKey: [...KEY, "tables"],
    queryFn: () => get<TableInfo[]>("/warehouse/tables"),
    refetchInterval: STATUS_EVERY_MS * 5,
  });

export const useSyncs = () =>
  useInfiniteQuery({
    queryKey: [...KEY, "syncs"],
    queryFn: ({ pageParam }) => get<Sync[]>(`/warehouse/syncs${query({ before: pageParam, limit: PAGE })}`),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.id),
    refetchInterval: STATUS_EVERY_MS,
  });

export function useSyncNow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<Sync | undefined>("POST", "/warehouse/sync"),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export const useRunQuery = () =>
  useMutation({
    mutationFn: (input: { sql: string; limit: number }) => call<QueryResult>("POST", "/warehouse/query", input),
  });
