import { Anchor, Button, Progress } from "@mantine/core";
import { IconArrowUpRight, IconPlayerPlay } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useBroadcasts } from "@/api/broadcasts";
import { EVERYBODY, useContactCount } from "@/api/contacts";
import { type Demo, useDemo, useEndDemo, usePlayDemo } from "@/api/demo";
import { useBehind } from "@/api/reports";
import type { PipelineNode } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { StatePill } from "@/components/State";
import classes from "./DemoCard.module.css";

/** The demo while it plays: the scene, how far it is, and where to look. Nothing where none plays. */
export function DemoCard({ sources }: { sources: PipelineNode[] }) {
  const demo = useDemo();
  if (!demo.data) return null;
  if (demo.data.failure) return <Failed reason={demo.data.failure} />;
  return demo.data.is_playing ? <Playing demo={demo.data} sources={sources} /> : null;
}

/** The way in for somebody who has nothing yet. */
export function DemoOffer() {
  const demo = useDemo();
  const play = usePlayDemo();
  const contacts = useContactCount(EVERYBODY);
  const isTaken = (contacts.data?.number ?? 0) > 0;
  if (demo.data?.is_playing) return null;
  return (
    <section className={classes.offer} aria-label="The demo">
      <div className={classes.words}>
        <h2 className={classes.title}>See it work</h2>
        <p className={classes.lead}>
          Fifty people sign up at a made-up shop. Skywrite sends them a newsletter over real SMTP to a mailbox on this
          machine, and they open, click, reply, bounce, complain and unsubscribe. You watch all of it come back as
          events. It takes half a minute; nothing leaves this machine.
        </p>
        {isTaken && (
          <p className={classes.lead}>
            There are contacts here already, which it leaves alone. See it on a folder of its own:{" "}
            <code>skywrite demo --data demo</code>
          </p>
        )}
        <FormFailure error={play.error} />
      </div>
      {!isTaken && (
        <Button
          size="md"
          leftSection={<IconPlayerPlay size={18} />}
          loading={play.isPending}
          onClick={() => play.mutate()}
        >
          Play the demo
        </Button>
      )}
    </section>
  );
}

function Playing({ demo, sources }: { demo: Demo; sources: PipelineNode[] }) {
  const end = useEndDemo();
  const isOver = demo.done >= 1;
  return (
    <section className={classes.card} aria-label="The demo">
      <div className={classes.head}>
        <div className={classes.scene}>
          <h2 className={classes.title}>{isOver ? "The loop is closed" : demo.scene}</h2>
          <StatePill state={isOver ? "done" : "running"} words={isOver ? "Goes on" : "Demo is playing"} />
        </div>
        <Button
          className={classes.end}
          size="xs"
          variant="default"
          loading={end.isPending}
          onClick={() => end.mutate()}
        >
          End the demo
        </Button>
      </div>
      {isOver ? (
        <p className={classes.lead}>
          From an event to a contact, to a mail, to what its reader did, and back as an event. Orders go out and people
          read on until you end it.
        </p>
      ) : (
        <Progress value={demo.done * 100} size="sm" radius="xl" aria-label="How far the demo is" animated />
      )}
      <Places demo={demo} sources={sources} />
    </section>
  );
}

function Failed({ reason }: { reason: string }) {
  const end = useEndDemo();
  return (
    <section className={classes.card} data-failed aria-label="The demo">
      <div className={classes.head}>
        <h2 className={classes.title}>The demo ended early</h2>
        <Button
          className={classes.end}
          size="xs"
          variant="default"
          loading={end.isPending}
          onClick={() => end.mutate()}
        >
          Dismiss
        </Button>
      </div>
      <p className={classes.lead}>{reason}</p>
    </section>
  );
}

/** Where to look, as soon as there is something to see. */
function Places({ demo, sources }: { demo: Demo; sources: PipelineNode[] }) {
  const broadcasts = useBroadcasts();
  const broadcast = broadcasts.data?.find((one) => one.name === "Welcome");
  const mails = sources.find((node) => node.icon === "autopilothq");
  return (
    <nav className={classes.places} aria-label="What the demo has made">
      {demo.mailbox && (
        <Place
          name={
            <Anchor href={demo.mailbox} target="_blank" rel="noreferrer" inherit>
              Mailbox <IconArrowUpRight size={13} aria-hidden="true" />
            </Anchor>
          }
          words="As its readers see it"
        />
      )}
      <Place name={<Link to="/contacts">Contacts</Link>} words="Who came, who did what" />
      {mails && (
        <Place
          name={
            <Link to="/sources/$id/debugger" params={{ id: mails.id }}>
              Debugger
            </Link>
          }
          words="Events as they come"
        />
      )}
      {broadcast && (
        <Place
          name={
            <Link to="/broadcasts/$id" params={{ id: String(broadcast.id) }}>
              Report
            </Link>
          }
          words="Of the newsletter"
        />
      )}
      {broadcast && demo.done >= 1 && <Reader id={String(broadcast.id)} />}
    </nav>
  );
}

/** Somebody who clicked: their timeline has the most to tell. */
function Reader({ id }: { id: string }) {
  const clicked = useBehind("broadcasts", id, { what: "clicked" });
  const first = clicked.data?.pages[0]?.[0];
  if (!first?.id) return null;
  return (
    <Place
      name={
        <Link to="/contacts/$id" params={{ id: first.id }}>
          A reader’s timeline
        </Link>
      }
      words={first.email}
    />
  );
}

const Place = ({ name, words }: { name: ReactNode; words: string }) => (
  <span className={classes.place}>
    <span className={classes.placeName}>{name}</span>
    <span className={classes.placeWords}>{words}</span>
  </span>
);
