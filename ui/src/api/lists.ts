/** Static lists. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get } from "./client";
import type { ContactList } from "./types";

const KEY = ["lists"] as const;

export const useLists = () => useQuery({ queryKey: KEY, queryFn: () => get<ContactList[]>("/lists") });

function useListAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: KEY }) });
}

export const useAddList = () => useListAct((name: string) => call<ContactList>("POST", "/lists", { name }));

export const useRenameList = () =>
  useListAct(({ id, name }: { id: string; name: string }) => call<ContactList>("PATCH", `/lists/${id}`, { name }));

export const useRemoveList = () => useListAct((id: string) => call<void>("DELETE", `/lists/${id}`));
