/** Segments: the list, one with its members and history, and what the builder asks. */

import { queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get, query } from "./client";
import { whileWell } from "./queries";
import type {
  NewSegment,
  Segment,
  SegmentChange,
  SegmentCount,
  SegmentGroup,
  SegmentHour,
  SegmentMember,
  SegmentPeriod,
  SegmentSuggestions,
  SegmentWhy,
  SuggestedField,
} from "./types";

const KEY = ["segments"] as const;
const FRESH_MS = 5_000;
const BUILDING_MS = 1_000;
const PAGE = 50;

export const segmentsQuery = queryOptions({ queryKey: [...KEY, "list"], queryFn: () => get<Segment[]>("/segments") });

/** Read again often while one of them is being built. */
export const useSegments = () =>
  useQuery({
    ...segmentsQuery,
    refetchInterval: ({ state }) =>
      state.data?.some((one) => one.state === "building") ? BUILDING_MS : state.error ? false : FRESH_MS,
  });

export const useSegment = (id: string) =>
  useQuery({
    queryKey: [...KEY, id, "segment"],
    queryFn: () => get<Segment>(`/segments/${id}`),
    refetchInterval: ({ state }) =>
      state.data?.state === "building" ? BUILDING_MS : whileWell(FRESH_MS)({ state: { error: state.error } }),
  });

export const useSegmentHistory = (id: string, period: SegmentPeriod) =>
  useQuery({
    queryKey: [...KEY, id, "history", period],
    queryFn: () => get<SegmentHour[]>(`/segments/${id}/history?period=${period}`),
    refetchInterval: FRESH_MS,
    placeholderData: (previous) => previous,
  });

/** Live while its first page alone is shown, and often while the segment is being built. */
export const useSegmentMembers = (id: string, isBuilding: boolean) =>
  useInfiniteQuery({
    queryKey: [...KEY, id, "contacts"],
    queryFn: ({ pageParam }) =>
      get<SegmentMember[]>(`/segments/${id}/contacts${query({ after: pageParam, limit: PAGE })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.id),
    refetchInterval: ({ state }) =>
      state.error === null && state.data?.pages.length === 1 ? (isBuilding ? BUILDING_MS : FRESH_MS) : false,
  });

export const useSegmentWhy = (id: string, contact: string) =>
  useQuery({
    queryKey: [...KEY, id, "why", contact],
    queryFn: () => get<SegmentWhy>(`/segments/${id}/why/${encodeURIComponent(contact)}`),
    enabled: contact !== "",
  });

export const useSuggestions = () =>
  useQuery({
    queryKey: [...KEY, "suggestions"],
    queryFn: () => get<SegmentSuggestions>("/segments/suggestions"),
    staleTime: 60_000,
  });

export const useEventProperties = (kind: string, name: string) =>
  useQuery({
    queryKey: [...KEY, "suggestions", kind, name],
    queryFn: () => get<SuggestedField[]>(`/segments/suggestions/properties${query({ kind, name })}`),
    enabled: name !== "",
    staleTime: 60_000,
  });

/** Who would be in it; the last answer stands until the next. Null counts nothing. */
export const useSegmentCount = (definition: SegmentGroup | null) =>
  useQuery({
    queryKey: [...KEY, "count", definition],
    queryFn: () => call<SegmentCount>("POST", "/segments/count", { definition }),
    enabled: definition !== null,
    placeholderData: (previous) => previous,
    retry: false,
  });

/** Something done to segments, after which everything about them is read again. */
function useSegmentAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: KEY }) });
}

export const useAddSegment = () => useSegmentAct((body: NewSegment) => call<Segment>("POST", "/segments", body));

export const useChangeSegment = (id: string) =>
  useSegmentAct((change: SegmentChange) => call<Segment>("PATCH", `/segments/${id}`, change));

export const useDuplicateSegment = (id: string) =>
  useSegmentAct(() => call<Segment>("POST", `/segments/${id}/duplicate`));

export function useSegmentToList(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call<{ id: string }>("POST", `/segments/${id}/list`, { name }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["lists"] }),
  });
}

/** Removing leaves the segment's own queries alone: asking again for what is gone would only show an error. */
export function useRemoveSegment(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<void>("DELETE", `/segments/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: segmentsQuery.queryKey }),
  });
}
