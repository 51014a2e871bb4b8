/** Sources: the list, one with its pages, and what can be done to them. */

import { queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get, query } from "./client";
import { whileWell } from "./queries";
import type {
  CatalogSource,
  DebugEvent,
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
const PAGE = 50;

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

/** Read again by itself only while one page of it is shown. */
export const useRejections = (id: string) =>
  useInfiniteQuery({
    queryKey: [...KEY, id, "rejections", "list"],
    queryFn: ({ pageParam }) =>
      get<Rejection[]>(`/sources/${id}/rejections${query({ before: pageParam, limit: PAGE })}`),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < PAGE && !isLarge(page) ? undefined : page.at(-1)?.id),
    refetchInterval: ({ state }) =>
      state.error === null && state.data?.pages.length === 1 ? OVERVIEW_EVERY_MS : false,
  });

/** A page of large events ends early, so that there may be more behind it. */
const isLarge = (page: Rejection[]): boolean => page.reduce((size, { body }) => size + body.length, 0) > 4_000_000;

/** One of them, however old; null when it is no longer kept. */
export const useRejection = (id: string, rejection: number) => {
  const client = useQueryClient();
  return useQuery({
    queryKey: [...KEY, id, "rejections", rejection],
    queryFn: async () => {
      const [found] = await get<Rejection[]>(`/sources/${id}/rejections${query({ before: rejection + 1, limit: 1 })}`);
      return found?.id === rejection ? found : null;
    },
    // One that the list shows is there at once.
    placeholderData: () =>
      client
        .getQueryData<{ pages: Rejection[][] }>([...KEY, id, "rejections", "list"])
        ?.pages.flat()
        .find((one) => one.id === rejection),
  });
};

const KEPT_LOOKS = 5;

/** By which id a refused arrival is kept. One that has come just now doesn't tell yet, so it is looked up again. */
export function useKeptAs(id: string, arrival: DebugEvent): number | null {
  const known = arrival.rejection ?? null;
  const found = useQuery({
    queryKey: [...KEY, id, "kept as", arrival.id],
    queryFn: async () => {
      const history = await get<DebugEvent[]>(`/sources/${id}/debugger?limit=500`);
      return history.find((event) => event.id === arrival.id)?.rejection ?? null;
    },
    enabled: known === null,
    refetchInterval: ({ state }) => (state.data == null && state.dataUpdateCount < KEPT_LOOKS ? 1_000 : false),
  });
  return known ?? found.data ?? null;
}

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
