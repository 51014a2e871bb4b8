import { Button, Group, SegmentedControl, Select } from "@mantine/core";
import { IconTimeline } from "@tabler/icons-react";
import { useState } from "react";
import { useTimeline } from "@/api/contacts";
import type { TimelineEntry } from "@/api/types";
import { Bars } from "@/components/Ask";
import { JsonCode } from "@/components/Code";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { exact } from "@/components/format";
import { LiveMark } from "@/components/LiveMark";
import { Panel } from "@/components/Page";
import { useNow } from "@/components/When";
import { byDay, FEEDS, sightOf, timeOf } from "./entries";
import classes from "./Timeline.module.css";

/** Everything that happened to a contact, latest first, as it happens. */
export function Timeline({ id }: { id: string }) {
  const [feed, setFeed] = useState("all");
  const kinds = FEEDS.find(({ value }) => value === feed)?.kinds ?? [];
  const timeline = useTimeline(id, kinds);
  const isLive = timeline.data?.pages.length === 1 && timeline.error === null;
  return (
    <Panel
      title={
        <Group gap={10} component="span">
          Timeline <LiveMark state={isLive ? "open" : timeline.error ? "waiting" : "closed"} />
        </Group>
      }
      beside={
        <>
          <SegmentedControl size="xs" data={FEEDS} value={feed} onChange={setFeed} visibleFrom="sm" />
          <Select
            size="xs"
            aria-label="Show"
            data={FEEDS}
            value={feed}
            onChange={(value) => setFeed(value ?? "all")}
            allowDeselect={false}
            hiddenFrom="sm"
            w={150}
          />
        </>
      }
    >
      <Entries timeline={timeline} isAll={feed === "all"} />
    </Panel>
  );
}

function Entries({ timeline, isAll }: { timeline: ReturnType<typeof useTimeline>; isAll: boolean }) {
  const now = useNow();
  const entries = timeline.data?.pages.flatMap((page) => page.entries);
  if (timeline.error && !entries) return <Failure error={timeline.error} again={() => void timeline.refetch()} />;
  if (!entries) return <Bars rows={5} />;
  if (entries.length === 0) {
    return (
      <Empty bare icon={IconTimeline} title={isAll ? "Nothing has happened yet" : "Nothing of that kind yet"}>
        What they do and what is sent to them appears here as it happens.
      </Empty>
    );
  }
  return (
    <div>
      {byDay(entries, now).map((day) => (
        <section key={day.name} aria-label={day.name}>
          <div className={classes.day}>{day.name}</div>
          <ul className={classes.feed}>
            {day.entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ul>
        </section>
      ))}
      {timeline.hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={timeline.isFetchingNextPage} onClick={() => void timeline.fetchNextPage()}>
            Show earlier
          </Button>
        </Group>
      )}
    </div>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const [opened, setOpened] = useState(false);
  const { icon: Glyph, tone, words } = sightOf(entry);
  const about = [entry.subject || entry.template, entry.source && `from ${entry.source}`].filter(Boolean).join(" · ");
  const isReply = entry.name === "Email Replied" && entry.kind === "email";
  return (
    <li className={classes.entry}>
      <span className={classes.glyph} data-tone={tone} aria-hidden="true">
        <Glyph size={17} stroke={1.7} />
      </span>
      <div className={`${classes.body} ${entry.is_machine ? classes.machine : ""}`}>
        <button type="button" className={classes.words} aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {words}
        </button>
        {about && <div className={classes.about}>{about}</div>}
        {entry.note && <p className={isReply ? classes.reply : classes.note}>{entry.note}</p>}
        {opened && (
          <div style={{ marginTop: 10 }}>
            <JsonCode value={{ at: entry.at, name: entry.name, ...entry.data }} what="details" maxHeight={320} />
          </div>
        )}
      </div>
      <time className={classes.at} dateTime={entry.at} title={exact(entry.at)}>
        {timeOf(entry.at)}
      </time>
    </li>
  );
}
