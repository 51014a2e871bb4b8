/** Who is signed in, and the ways in and out. */

import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get, rememberCsrf } from "./client";
import type { Me, Setup } from "./types";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async () => remember(await get<Me>("/me")),
  staleTime: Number.POSITIVE_INFINITY,
});

export const useMe = () => useQuery(meQuery);

/** Whether this server has no user yet. */
export const useSetup = () => useQuery({ queryKey: ["setup"], queryFn: () => get<Setup>("/setup") });

export const useSignIn = () => useEntry<{ email: string; password: string }>("/sign-in");

export const useAcceptInvitation = () =>
  useEntry<{ token: string; password: string; email: string | null }>("/accept-invitation");

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => call<void>("POST", "/sign-out"), onSuccess: () => client.clear() });
}

function useEntry<Body>(path: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Body) => call<Me>("POST", path, body),
    onSuccess: (me) => client.setQueryData(meQuery.queryKey, remember(me)),
  });
}

function remember(me: Me): Me {
  rememberCsrf(me.csrf);
  return me;
}
