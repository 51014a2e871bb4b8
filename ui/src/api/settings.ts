/** Users, API tokens, and the settings that the server runs with. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get } from "./client";
import type { Health, NewUserLink, ServerSetting, Token, TokenSecret, User } from "./types";

export const useUsers = () => useQuery({ queryKey: ["users"], queryFn: () => get<User[]>("/users") });
export const useTokens = () => useQuery({ queryKey: ["tokens"], queryFn: () => get<Token[]>("/tokens") });
export const useServerSettings = () =>
  useQuery({ queryKey: ["settings"], queryFn: () => get<ServerSetting[]>("/settings") });

export const useHealth = () =>
  useQuery({
    queryKey: ["health"],
    queryFn: async () => (await (await fetch("/health")).json()) as Health,
    refetchInterval: 5_000,
  });

/** A change to one of the lists above, which is then read again. */
function useListAct<Input, Output>(key: string, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: [key] }) });
}

export const useAddUser = () => useListAct("users", (email: string) => call<NewUserLink>("POST", "/users", { email }));
export const useRemoveUser = () => useListAct("users", (id: string) => call<void>("DELETE", `/users/${id}`));
export const useAddToken = () => useListAct("tokens", (name: string) => call<TokenSecret>("POST", "/tokens", { name }));
export const useRemoveToken = () => useListAct("tokens", (id: string) => call<void>("DELETE", `/tokens/${id}`));
