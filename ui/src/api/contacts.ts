/** Contacts: found and counted, one with its timeline, and what can be done to them. */

import { useInfiniteQuery, useMutation, useMutationState, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get } from "./client";
import { whileWell } from "./queries";
import type {
  Contact,
  ContactCount,
  ContactPage,
  ContactRow,
  IdentityKind,
  Json,
  Timeline,
  TraitCondition,
} from "./types";

const KEY = ["contacts"] as const;
const LIVE_MS = 2_000;
const LIST_MS = 10_000;
const SHORT_PAGES = 40;
export const PAGE = 50;

/** What is asked of contacts; "" and none ask nothing. */
export interface ContactSearch {
  q: string;
  traits: TraitCondition[];
  list: string;
  segment: string;
  subscription: string;
  sort: "newest" | "seen";
}

export const EVERYBODY: ContactSearch = { q: "", traits: [], list: "", segment: "", subscription: "", sort: "newest" };

/** The same as a query string. */
export function searchText(search: ContactSearch, more: Record<string, string | number> = {}): string {
  const { traits, ...rest } = search;
  const set = Object.entries({ ...rest, ...more }).filter(([, value]) => value !== "");
  const text = new URLSearchParams(set.map(([name, value]) => [name, String(value)]));
  for (const { name, op, value } of traits) text.append("trait", JSON.stringify([name, op, value]));
  return `?${text}`;
}

/** A page; one that was found short goes on from where it came to, so that a rare find is found in the end. */
async function contactPage(search: ContactSearch, after: string): Promise<ContactPage> {
  const contacts: ContactRow[] = [];
  let place: string | null = after;
  for (let asked = 0; place !== null && asked < SHORT_PAGES; asked += 1) {
    const page: ContactPage = await get(`/contacts${searchText(search, { after: place, limit: PAGE })}`);
    contacts.push(...page.contacts);
    place = page.after;
    if (contacts.length > 0) break;
  }
  return { contacts, after: place };
}

export const useContacts = (search: ContactSearch) =>
  useInfiniteQuery({
    queryKey: [...KEY, "found", search],
    queryFn: ({ pageParam }) => contactPage(search, pageParam),
    initialPageParam: "",
    getNextPageParam: (page) => page.after ?? undefined,
    placeholderData: (previous) => previous,
    refetchInterval: ({ state }) => (state.error === null && state.data?.pages.length === 1 ? LIST_MS : false),
  });

export const useContactCount = (search: ContactSearch) =>
  useQuery({
    queryKey: [...KEY, "count", search],
    queryFn: () => get<ContactCount>(`/contacts/count${searchText(search)}`),
    placeholderData: (previous) => previous,
    refetchInterval: whileWell(LIST_MS),
  });

export const useTraitNames = () =>
  useQuery({ queryKey: [...KEY, "traits"], queryFn: () => get<string[]>("/contacts/traits"), staleTime: 60_000 });

export const useContact = (id: string) =>
  useQuery({
    queryKey: [...KEY, id, "contact"],
    queryFn: () => get<Contact>(`/contacts/${encodeURIComponent(id)}`),
    enabled: !useIsForgotten(id),
    refetchInterval: whileWell(LIVE_MS * 2),
  });

/** Live while its first page alone is shown. */
export const useTimeline = (id: string, kinds: string[]) =>
  useInfiniteQuery({
    queryKey: [...KEY, id, "timeline", kinds],
    enabled: !useIsForgotten(id),
    queryFn: ({ pageParam }) => {
      const text = new URLSearchParams(pageParam === "" ? [] : [["before", pageParam]]);
      for (const kind of kinds) text.append("kind", kind);
      return get<Timeline>(`/contacts/${encodeURIComponent(id)}/timeline?${text}`);
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.before ?? undefined,
    placeholderData: (previous) => previous,
    refetchInterval: ({ state }) => (state.error === null && state.data?.pages.length === 1 ? LIVE_MS : false),
  });

/** Something done to contacts, after which all about them is read again. */
function useAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: KEY });
      await client.invalidateQueries({ queryKey: ["lists"] });
    },
  });
}

export interface NewContact {
  email: string;
  user_id: string;
  traits: Record<string, Json>;
  list_id: string | null;
}

export const useAddContact = () => useAct((body: NewContact) => call<Contact>("POST", "/contacts", body));

export const useChangeTraits = (id: string) =>
  useAct((traits: Record<string, Json>) => call<Contact>("PATCH", `/contacts/${id}`, { traits }));

export const useAddIdentity = (id: string) =>
  useAct((body: { kind: IdentityKind; value: string }) => call<Contact>("POST", `/contacts/${id}/identities`, body));

export const useRemoveIdentity = (id: string) =>
  useAct((held: { kind: IdentityKind; value: string }) =>
    call<Contact>("DELETE", `/contacts/${id}/identities?${new URLSearchParams({ ...held })}`),
  );

export const useResubscribe = (id: string) =>
  useAct((consent: string) => call<Contact>("POST", `/contacts/${id}/resubscribe`, { consent }));

export const useMerge = (id: string) =>
  useAct((other: string) => call<unknown>("POST", `/contacts/${id}/merge`, { other }));

const forgetting = (id: string) => ["forget", id];

/** Whether a contact is being forgotten, or was: asking again for who is gone would only show an error. */
const useIsForgotten = (id: string): boolean =>
  useMutationState({
    filters: { mutationKey: forgetting(id), predicate: ({ state }) => ["pending", "success"].includes(state.status) },
  }).length > 0;

export function useForget(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationKey: forgetting(id),
    mutationFn: () => call<unknown>("DELETE", `/contacts/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: [...KEY, "found"] }),
  });
}

/** Contacts that were chosen one by one, all that a search finds, or everybody: an empty search is refused. */
export type Chosen = { ids: string[] } | { search: ContactSearch } | { everybody: true };

export const useUnsubscribe = () =>
  useAct((chosen: Chosen) => call<{ contacts: number }>("POST", "/contacts/unsubscribe", chosen));

export const usePutOnList = () =>
  useAct(({ list, chosen }: { list: string; chosen: Chosen }) =>
    call<{ contacts: number }>("POST", `/lists/${list}/contacts`, chosen),
  );

export const useTakeOffList = () =>
  useAct(({ list, chosen }: { list: string; chosen: Chosen }) =>
    call<{ contacts: number }>("POST", `/lists/${list}/contacts/remove`, chosen),
  );
