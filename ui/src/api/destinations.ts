/** Destinations: the list, one with its pages, and what can be done to them. */

import { queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get, query } from "./client";
import { whileWell } from "./queries";
import type {
  CatalogDestination,
  DeadLetter,
  Destination,
  DestinationChange,
  DestinationOverview,
  Json,
  NewDestination,
  Period,
  TestResult,
} from "./types";

const KEY = ["destinations"] as const;
const OVERVIEW_EVERY_MS = 5_000;
const PAGE = 50;

export const destinationsQuery = queryOptions({
  queryKey: [...KEY, "list"],
  queryFn: () => get<Destination[]>("/destinations"),
});

export const useDestinations = (refetchInterval: number | false = false) =>
  useQuery({ ...destinationsQuery, refetchInterval });

export const useCatalogDestinations = () =>
  useQuery({
    queryKey: ["catalog", "destinations"],
    queryFn: () => get<CatalogDestination[]>("/catalog/destinations"),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useDestination = (id: string) =>
  useQuery({
    queryKey: [...KEY, id, "destination"],
    queryFn: () => get<Destination>(`/destinations/${id}`),
    refetchInterval: whileWell(OVERVIEW_EVERY_MS),
  });

export const useDestinationOverview = (id: string, period: Period) =>
  useQuery({
    queryKey: [...KEY, id, "overview", period],
    queryFn: () => get<DestinationOverview>(`/destinations/${id}/overview?period=${period}`),
    refetchInterval: OVERVIEW_EVERY_MS,
    placeholderData: (previous) => previous,
  });

export const useDeadLetters = (id: string) =>
  useInfiniteQuery({
    queryKey: [...KEY, id, "dead-letters"],
    queryFn: ({ pageParam }) =>
      get<DeadLetter[]>(`/destinations/${id}/dead-letters${query({ before: pageParam, limit: PAGE })}`),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.id),
  });

export const revealSecret = (id: string, name: string) =>
  get<{ value: string }>(`/destinations/${id}/settings/${encodeURIComponent(name)}/reveal`);

/** Something done to one destination, after which everything about destinations is read again. */
function useDestinationAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: KEY });
      await client.invalidateQueries({ queryKey: ["sources"] });
      await client.invalidateQueries({ queryKey: ["pipeline"] });
    },
  });
}

export const useAddDestination = () =>
  useDestinationAct((body: NewDestination) => call<Destination>("POST", "/destinations", body));

export const useChangeDestination = (id: string) =>
  useDestinationAct((change: DestinationChange) => call<Destination>("PATCH", `/destinations/${id}`, change));

export const useSendAgain = (id: string) =>
  useDestinationAct((ids: number[] | null) =>
    call<unknown>("POST", `/destinations/${id}/dead-letters/send-again`, { ids }),
  );

export const useDiscard = (id: string) =>
  useDestinationAct((ids: number[] | null) =>
    call<unknown>("POST", `/destinations/${id}/dead-letters/discard`, { ids }),
  );

export const useTestEvent = (id: string) =>
  useMutation({
    mutationFn: (event: Json | null) => call<TestResult>("POST", `/destinations/${id}/test`, { event }),
  });

export function useRemoveDestination(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<void>("DELETE", `/destinations/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: destinationsQuery.queryKey }),
  });
}
