import { Link } from "@tanstack/react-router";
import { Refusal } from "@/api/client";
import { useKeptAs, useResend } from "@/api/sources";
import type { DebugEvent } from "@/api/types";
import { EventDetail, rawText } from "../panes/EventDetail";
import { Mend } from "../refused/Mend";

interface ArrivalDetailProps {
  event: DebugEvent;
  source: string;
  kind: string;
  onClose: () => void;
}

/** All of one arrival, and for a refused one how to mend it. */
export function ArrivalDetail({ source, ...shown }: ArrivalDetailProps) {
  if (shown.event.status === "rejected") return <RefusedArrival source={source} {...shown} />;
  return <EventDetail {...shown} />;
}

function RefusedArrival({ event, source, kind, onClose }: ArrivalDetailProps) {
  const resend = useResend(source);
  const kept = useKeptAs(source, event);
  async function send(body: string): Promise<void> {
    if (kept === null) throw new Refusal(404, "This event is not in reach here. Look for it among the refused events.");
    await resend.mutateAsync({ rejection: kept, body });
  }
  return (
    <EventDetail
      event={event}
      kind={kind}
      note={
        <>
          Also kept among the{" "}
          <Link
            className="link"
            to="/sources/$id/refused"
            params={{ id: source }}
            search={{ chosen: kept ?? undefined }}
          >
            refused events
          </Link>
          , where newer arrivals don’t push it out.
        </>
      }
      mend={<Mend text={rawText(event.raw)} send={send} />}
      mendFirst
      onClose={onClose}
    />
  );
}
