/** The one query client: what is fresh for how long, what is tried again, and what a lost session does. */

import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { onServerReturn } from "@/live/server";
import { Away, Refusal } from "./client";

const FRESH_MS = 5_000;

/** Makes the client; `onSignedOut` is called when the server no longer knows the session. */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof Refusal && error.status === 401) onSignedOut();
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (count, error) => error instanceof Away && count < 2,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
  onServerReturn(() => void client.invalidateQueries());
  return client;
}

/** Reads again after so long, but not what the server has refused: it may be gone. */
export const whileWell = (every: number) => (query: { state: { error: Error | null } }) =>
  query.state.error instanceof Refusal ? false : every;
