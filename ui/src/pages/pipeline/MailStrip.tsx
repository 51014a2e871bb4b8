import { Link } from "@tanstack/react-router";
import type { Pipeline } from "@/api/types";
import { compact } from "@/components/format";
import classes from "./MailStrip.module.css";

/** What became of mails in the last day: the seven events with their counts. Nothing where no mail is sent. */
export function MailStrip({ pipeline }: { pipeline: Pipeline }) {
  const events = Object.entries(pipeline.mail_events);
  if (events.length === 0) return null;
  const source = pipeline.nodes.find((node) => node.kind === "source" && node.icon === "autopilothq");
  return (
    <section className={classes.strip} aria-label="Email events of the last 24 hours">
      <div className={classes.head}>
        <span>Email events in 24 h</span>
        {source && (
          <Link to="/sources/$id/debugger" params={{ id: source.id }}>
            Watch them
          </Link>
        )}
      </div>
      <dl className={classes.events}>
        {events.map(([name, times]) => (
          <div key={name} className={classes.event} data-none={times === 0 || undefined}>
            <dt>{name.replace(/^Email /, "")}</dt>
            <dd>{compact(times)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
