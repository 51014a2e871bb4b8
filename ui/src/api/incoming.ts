/** Mail that came in: a list, how much of what kind, and one with its text. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { get, query } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type IncomingMail = Schemas["IncomingMail"];
export type Outcome = IncomingMail["outcome"];
type Count = Schemas["IncomingCount"];

const KEY = ["incoming-mail"] as const;
const EVERY_MS = 5_000;
const PAGE = 50;

export const useIncomingMail = (outcome: Outcome | undefined) =>
  useInfiniteQuery({
    queryKey: [...KEY, "list", outcome ?? "all"],
    queryFn: ({ pageParam }) =>
      get<IncomingMail[]>(`/incoming-mail${query({ outcome, before: pageParam, limit: PAGE })}`),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.id),
    refetchInterval: EVERY_MS,
  });

export const useIncomingCounts = () =>
  useQuery({
    queryKey: [...KEY, "counts"],
    queryFn: () => get<Count[]>("/incoming-mail/counts"),
    refetchInterval: EVERY_MS,
  });

export const useIncomingText = (id: number) =>
  useQuery({
    queryKey: [...KEY, id],
    queryFn: () => get<Schemas["IncomingMailText"]>(`/incoming-mail/${id}`),
    staleTime: Number.POSITIVE_INFINITY,
  });
