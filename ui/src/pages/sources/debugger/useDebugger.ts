/** The debugger's list, kept true by history and by the live stream. */

import { useEffect, useReducer } from "react";
import { get } from "@/api/client";
import type { Arrivals, DebugEvent } from "@/api/types";
import { useStream } from "@/live/stream";
import { CAP, moved, nothing } from "./arrivals";

/** History is read again each time the stream opens: what came while it was away is in there. */
export function useDebugger(source: string) {
  const [held, move] = useReducer(moved, nothing);
  const stream = useStream<Arrivals>(`/sources/${source}/debugger/live`, "arrivals", (arrivals) =>
    move({ do: "arrive", arrivals }),
  );
  const isOpen = stream === "open";
  const [loaded, setLoaded] = useReducer(() => true, false);
  useEffect(() => {
    let isWanted = true;
    // Read at once, and again when the stream is (re)opened.
    void isOpen;
    get<DebugEvent[]>(`/sources/${source}/debugger?limit=${CAP}`)
      .then((events) => {
        if (!isWanted) return;
        move({ do: "history", events });
        setLoaded();
      })
      .catch(() => {}); // the stream's state and the banner say that the server is away
    return () => {
      isWanted = false;
    };
  }, [source, isOpen]);
  return { held, move, stream, loaded };
}
