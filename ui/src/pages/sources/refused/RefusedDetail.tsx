import { useResend } from "@/api/sources";
import type { Rejection } from "@/api/types";
import { StatePill } from "@/components/State";
import { When } from "@/components/When";
import { EventDetail, rawText } from "../panes/EventDetail";
import { Mend } from "./Mend";
import { eventOf } from "./refused";

interface RefusedDetailProps {
  rejection: Rejection;
  source: string;
  kind: string;
  onClose: () => void;
}

/** All of one refused event, and the way to mend it; it can be sent again once. */
export function RefusedDetail({ rejection, source, kind, onClose }: RefusedDetailProps) {
  const resend = useResend(source);
  const event = eventOf(rejection);
  const shown = { event, kind, onClose };
  if (rejection.resent_at !== null) {
    return (
      <EventDetail
        {...shown}
        note={
          <>
            <StatePill state="resent" /> <When at={rejection.resent_at} />. This is how it was before it was mended.
          </>
        }
      />
    );
  }
  async function send(body: string): Promise<void> {
    await resend.mutateAsync({ rejection: rejection.id, body });
  }
  return <EventDetail {...shown} mend={<Mend text={rawText(event.raw)} send={send} />} mendFirst />;
}
