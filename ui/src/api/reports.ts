/** Reports of templates and broadcasts, and the contacts behind a number. */

import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { call, get, query } from "./client";
import { whileWell } from "./queries";
import type { Report, ReportContact } from "./types";

const PAGE = 50;
const LOOK_EVERY_MS = 5_000;

export type ReportKind = "templates" | "broadcasts";

/** What is asked about: a figure's name, and a link where it is about one. */
export interface Asked {
  what: string;
  link?: string;
}

/** `news` changes when there is surely news: then it is read at once, and the last answer stays until the next is there. */
export const useReport = (kind: ReportKind, id: string, news: string) =>
  useQuery({
    queryKey: ["reports", kind, id, news],
    queryFn: () => get<Report>(`/reports/${kind}/${id}`),
    refetchInterval: whileWell(LOOK_EVERY_MS),
    placeholderData: (previous, query) => (query?.queryKey[2] === id ? previous : undefined),
  });

export const useReportMap = (kind: ReportKind, id: string) =>
  useQuery({
    queryKey: ["reports", kind, id, "map"],
    queryFn: () => get<{ html: string }>(`/reports/${kind}/${id}/map`),
    retry: false,
  });

/** Read anew when the number changes, so that they are as many as it says. */
export const useBehind = (kind: ReportKind, id: string, asked: Asked, number = 0) =>
  useInfiniteQuery({
    queryKey: ["reports", kind, id, "behind", asked, number],
    queryFn: ({ pageParam }) =>
      get<ReportContact[]>(`/reports/${kind}/${id}/contacts${query({ ...asked, after: pageParam, limit: PAGE })}`),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.message_id),
    placeholderData: (previous, query) => (query?.queryKey[4] === asked ? previous : undefined),
  });

export const csvOf = (kind: ReportKind, id: string, asked: Asked): string =>
  `/api/v1/reports/${kind}/${id}/contacts.csv${query({ ...asked })}`;

export const useMakeList = (kind: ReportKind, id: string, asked: Asked) =>
  useMutation({
    mutationFn: (name: string) =>
      call<{ id: number; count: number }>("POST", `/reports/${kind}/${id}/list${query({ ...asked })}`, { name }),
  });
