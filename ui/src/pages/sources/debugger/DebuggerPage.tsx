import { Text } from "@mantine/core";
import { IconBroadcast, IconFilterOff } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useSource } from "@/api/sources";
import type { DebugEvent } from "@/api/types";
import { Bars } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { count } from "@/components/format";
import { Panes } from "../panes/Panes";
import { ArrivalDetail } from "./ArrivalDetail";
import { ArrivalList } from "./ArrivalList";
import { CAP } from "./arrivals";
import classes from "./Debugger.module.css";
import { everything, filterArrivals, isEverything } from "./filter";
import { Toolbar } from "./Toolbar";
import { useDebugger } from "./useDebugger";

/** Arrivals as they come: a list at the left, the chosen one at the right. */
export function DebuggerPage() {
  const { id } = useParams({ from: "/app/sources/$id/debugger" });
  const source = useSource(id);
  const { held, move, stream, loaded } = useDebugger(id);
  const [wanted, setWanted] = useState(everything);
  const [chosen, setChosen] = useState<DebugEvent | null>(null);
  const shown = filterArrivals(held.events, wanted);
  return (
    <div className={classes.debugger}>
      <Toolbar wanted={wanted} onWanted={setWanted} held={held} move={move} stream={stream} />
      <Panes
        above={308}
        hint="Choose an event to see all of it."
        list={
          <>
            {shown.length > 0 ? (
              <ArrivalList events={shown} chosen={chosen} onChoose={setChosen} />
            ) : !loaded ? (
              <div style={{ padding: 16 }}>
                <Bars rows={6} height={36} />
              </div>
            ) : isEverything(wanted) ? (
              <NothingYet id={id} />
            ) : (
              <Empty bare icon={IconFilterOff} title="Nothing matches">
                Of {count(held.events.length)} arrivals none is like this. New ones that are will show here.
              </Empty>
            )}
            {held.events.length === CAP && <TheRest id={id} />}
          </>
        }
        detail={
          chosen && (
            <ArrivalDetail
              key={chosen.id}
              event={chosen}
              source={id}
              kind={source.data?.kind ?? "http-api"}
              onClose={() => setChosen(null)}
            />
          )
        }
      />
    </div>
  );
}

function NothingYet({ id }: { id: string }) {
  return (
    <Empty
      bare
      icon={IconBroadcast}
      title="Listening for events"
      action={
        <Link className="link" to="/sources/$id/overview" params={{ id }}>
          Show the set-up snippet
        </Link>
      }
    >
      Each event shows here within a second of its arrival, also those that are refused, with the reason.
    </Empty>
  );
}

/** Where older arrivals are. */
function TheRest({ id }: { id: string }) {
  return (
    <Text size="xs" c="dimmed" ta="center" p="sm">
      The newest {CAP} are kept here. The warehouse has all that were accepted; the others are in{" "}
      <Link className="link" style={{ fontSize: "inherit" }} to="/sources/$id/refused" params={{ id }}>
        Refused
      </Link>
      .
    </Text>
  );
}
