/** Messages: the list, and one with its way. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { get, query } from "./client";
import { whileWell } from "./queries";
import type { MessageDetail, MessageMail, MessageRow, MessageState } from "./types";

const PAGE = 50;
const LOOK_EVERY_MS = 5_000;

export interface WantedMessages {
  state?: MessageState;
  email?: string;
  template?: number;
  broadcast?: number;
}

export const useMessages = (wanted: WantedMessages) =>
  useInfiniteQuery({
    queryKey: ["messages", "list", wanted],
    queryFn: ({ pageParam }) => get<MessageRow[]>(`/messages${query({ ...wanted, before: pageParam, limit: PAGE })}`),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.id),
    placeholderData: (previous) => previous,
  });

export const useMail = (id: number) =>
  useQuery({ queryKey: ["messages", id, "mail"], queryFn: () => get<MessageMail>(`/messages/${id}/mail`) });

export const useMessage = (id: number) =>
  useQuery({
    queryKey: ["messages", id],
    queryFn: () => get<MessageDetail>(`/messages/${id}`),
    refetchInterval: whileWell(LOOK_EVERY_MS),
  });
