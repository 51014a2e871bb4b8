/** Follows one server-sent event stream, and reconnects for as long as somebody listens. */

import { useEffect, useEffectEvent, useState } from "react";
import { after, beginning, type Connection, type Happening } from "./reconnect";
import { checkServer } from "./server";

export type StreamState = Connection["state"];

interface Follower {
  event: string;
  onData: (data: unknown) => void;
  onState: (connection: Connection) => void;
}

/** Follows `url` until the function that it gives is called. */
export function follow(url: string, { event, onData, onState }: Follower): () => void {
  let connection: Connection = beginning;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function happen(what: Happening): void {
    const next = after(connection, what);
    if (next === connection) return;
    connection = next;
    clearTimeout(timer);
    if (next.state !== "open") source?.close();
    if (next.state === "connecting") connect();
    if (next.state === "waiting") timer = setTimeout(() => happen("retry"), next.delay);
    onState(next);
  }

  function connect(): void {
    source = new EventSource(url, { withCredentials: true });
    source.onopen = () => happen("opened");
    source.onerror = () => {
      void checkServer();
      happen("failed");
    };
    source.addEventListener(event, (message) => onData(JSON.parse(message.data)));
  }

  const wake = () => document.visibilityState === "visible" && happen("wake");
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  connect();
  return () => {
    document.removeEventListener("visibilitychange", wake);
    window.removeEventListener("online", wake);
    happen("close");
  };
}

/** Gives each message's JSON to `onData`, and tells the state of the connection. */
export function useStream<T>(path: string, event: string, onData: (data: T) => void): StreamState {
  const [state, setState] = useState<StreamState>("connecting");
  const receive = useEffectEvent((data: unknown) => onData(data as T));
  useEffect(() => {
    return follow(`/api/v1${path}`, { event, onData: receive, onState: (next) => setState(next.state) });
  }, [path, event]);
  return state;
}
