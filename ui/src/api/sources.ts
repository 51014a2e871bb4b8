/** Sources: the list, one with its pages, and what can be done to them. */

import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get } from "./client";
import { whileWell } from "./queries";
import type {
  CatalogSource,
  NewSource,
  Period,
  Rejection,
  SchemaEvent,
  SchemaEventDetail,
  Snippet,
  Source,
  SourceChange,
  SourceOverview,
} from "./types";

const KEY = ["sources"] as const;
const OVERVIEW_EVERY_MS = 5_000;

export const sourcesQuery = queryOptions({ queryKey: [...KEY, "list"], queryFn: () => get<Source[]>("/sources") });

export const catalogSourcesQuery = queryOptions({
  queryKey: ["catalog", "sources"],
  queryFn: () => get<CatalogSource[]>("/catalog/sources"),
  staleTime: Number.POSITIVE_INFINITY,
});

export const useSources = (refetchInterval: number | false = false) => useQuery({ ...sourcesQuery, refetchInterval });
export const useCatalogSources = () => useQuery(catalogSourcesQuery);

export const useSource = (id: string) =>
  useQuery({
    queryKey: [...KEY, id, "source"],
    queryFn: () => get<Source>(`/sources/${id}`),
    refetchInterval: whileWell(OVERVIEW_EVERY_MS),
  });

export const useSourceOverview = (id: string, period: Period) =>
  useQuery({
    queryKey: [...KEY, id, "overview", period],
    queryFn: () => get<SourceOverview>(`/sources/${id}/overview?period=${period}`),
    refetchInterval: OVERVIEW_EVERY_MS,
    placeholderData: (previous) => previous,
  });

export const useSnippets = (id: string) =>
  useQuery({ queryKey: [...KEY, id, "snippets"], queryFn: () => get<Snippet[]>(`/sources/${id}/snippets`) });

export const useSourceSchema = (id: string) =>
  useQuery({
    queryKey: [...KEY, id, "schema"],
    queryFn: () => get<SchemaEvent[]>(`/sources/${id}/schema`),
    refetchInterval: OVERVIEW_EVERY_MS * 2,
  });

/** `event` is "" for all types but track; the path names that "-". */
export const useSchemaEvent = (id: string, type: string, event: string) =>
  useQuery({
    queryKey: [...KEY, id, "schema", type, event],
    queryFn: () => get<SchemaEventDetail>(`/sources/${id}/schema/${type}/${encodeURIComponent(event || "-")}`),
  });

export const getRejections = (id: string) => get<Rejection[]>(`/sources/${id}/rejections?limit=200`);

export function useAddSource() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewSource) => call<Source>("POST", "/sources", body),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

/** Something done to one source, after which everything about sources is read again. */
function useSourceAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: KEY });
      await client.invalidateQueries({ queryKey: ["pipeline"] });
    },
  });
}

export const useChangeSource = (id: string) =>
  useSourceAct((change: SourceChange) => call<Source>("PATCH", `/sources/${id}`, change));

export const useRotateKey = (id: string) =>
  useSourceAct((grace: number) => call<Source>("POST", `/sources/${id}/rotate-key`, { grace_hours: grace }));

export const useRevokeKey = (id: string) =>
  useSourceAct((key: string) => call<unknown>("DELETE", `/sources/${id}/keys/${encodeURIComponent(key)}`));

export const useResend = (id: string) =>
  useSourceAct(({ rejection, body }: { rejection: number; body: string }) =>
    call<unknown>("POST", `/sources/${id}/rejections/${rejection}/resend`, { body }),
  );

/** Removing leaves the source's own queries alone: asking again for what is gone would only show an error. */
export function useRemoveSource(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<void>("DELETE", `/sources/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: sourcesQuery.queryKey }),
  });
}
