import { Anchor, Button, Drawer, Group, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Asked, csvOf, type ReportKind, useBehind, useMakeList, useReport } from "@/api/reports";
import type { Report } from "@/api/types";
import { TimeChart } from "@/charts/TimeChart";
import { Ask, Bars } from "@/components/Ask";
import { FormFailure } from "@/components/Failure";
import { compact, count, plural } from "@/components/format";
import { Panel } from "@/components/Page";
import { Stat, Stats } from "@/components/Stat";
import { Cell, Rows } from "@/components/Table";
import { ClickMap } from "./ClickMap";

interface About {
  kind: ReportKind;
  id: string;
}

const FIGURES: [what: string, name: string, rate?: string][] = [
  ["attempted", "Attempted"],
  ["sent", "Sent"],
  ["delivered", "Delivered", "delivery"],
  ["opened", "Opened by people", "open"],
  ["machine_opened", "Opened by machines"],
  ["clicked", "Clicked", "click"],
  ["replied", "Replied", "reply"],
  ["bounced", "Bounced", "bounce"],
  ["unsubscribed", "Unsubscribed", "unsubscribe"],
  ["complained", "Marked as spam", "complaint"],
  ["rejected", "Not sent"],
  ["waiting", "Under way"],
  ["unknown", "Unknown"],
];

const behindWords = ({ what, link }: Asked): string =>
  link ? "Who clicked this link" : (FIGURES.find(([figure]) => figure === what)?.[1] ?? "The contacts behind it");

const rateWords = (rate: number | null | undefined): string =>
  rate === null || rate === undefined ? "" : `${(100 * rate).toFixed(1).replace(/\.0$/, "")}%`;

/** The figures of a template or a broadcast; each number opens the contacts behind it. */
export function ReportPanels({ kind, id }: About) {
  const report = useReport(kind, id);
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <Ask query={report}>
      {(data) => (
        <>
          <Figures report={data} onAsk={setAsked} />
          <OverTime report={data} />
          <ClickMap kind={kind} id={id} clicks={data.clicks} />
          <Links report={data} onAsk={setAsked} />
          <Drawer
            opened={asked !== null}
            onClose={() => setAsked(null)}
            position="right"
            title={asked ? behindWords(asked) : ""}
          >
            {asked && <Behind kind={kind} id={id} asked={asked} />}
          </Drawer>
        </>
      )}
    </Ask>
  );
}

function Figures({ report, onAsk }: { report: Report; onAsk: (asked: Asked) => void }) {
  return (
    <Stats>
      {FIGURES.filter(([what]) => what !== "unknown" || report.figures.unknown).map(([what, name, rate]) => (
        <Stat
          key={what}
          name={name}
          value={
            <UnstyledButton
              onClick={() => onAsk({ what })}
              aria-label={`${name}: show the contacts`}
              style={{ font: "inherit", color: "inherit" }}
            >
              {compact(report.figures[what] ?? 0)}
            </UnstyledButton>
          }
          note={rate && rateWords(report.rates[rate])}
        />
      ))}
    </Stats>
  );
}

function OverTime({ report: { points } }: { report: Report }) {
  if (points.length === 0) return null;
  return (
    <Panel title="Over time">
      <TimeChart
        label="Delivered, opened, clicked and bounced over time"
        times={points.map((point) => Date.parse(point.at))}
        series={[
          { name: "Delivered", colour: "accent", values: points.map((point) => point.delivered) },
          { name: "Opened", colour: "good", values: points.map((point) => point.opened) },
          { name: "Clicked", colour: "violet", values: points.map((point) => point.clicked) },
          { name: "Bounced", colour: "bad", values: points.map((point) => point.bounced) },
        ]}
        marks="bars"
        format={compact}
      />
    </Panel>
  );
}

const LINK_HEADS = [{ name: "Link" }, { name: "Clicks", right: true }, { name: "People", right: true }];

function Links({ report: { clicks }, onAsk }: { report: Report; onAsk: (asked: Asked) => void }) {
  if (clicks.length === 0) return null;
  return (
    <Panel title="Links" flush>
      <Rows caption="Clicks by link" heads={LINK_HEADS}>
        {clicks.map((link) => (
          <tr key={link.link_id}>
            <Cell>
              <span style={{ overflowWrap: "anywhere" }}>{link.url}</span>
            </Cell>
            <Cell right>{count(link.clicks)}</Cell>
            <Cell right>
              <Anchor
                size="sm"
                component="button"
                type="button"
                onClick={() => onAsk({ what: "clicked", link: link.link_id })}
              >
                {count(link.people)}
              </Anchor>
            </Cell>
          </tr>
        ))}
      </Rows>
    </Panel>
  );
}

function Behind({ kind, id, asked }: About & { asked: Asked }) {
  const found = useBehind(kind, id, asked);
  const all = found.data?.pages.flat();
  if (!all) return <Bars />;
  return (
    <Stack gap="md">
      <IntoList kind={kind} id={id} asked={asked} />
      {all.length === 0 && (
        <Text size="sm" c="dimmed">
          Nobody.
        </Text>
      )}
      <Stack gap={6}>
        {all.map((contact) => (
          <Link key={contact.id} to={`/contacts/${contact.id}` as string}>
            {contact.email || contact.id}
          </Link>
        ))}
      </Stack>
      {found.hasNextPage && (
        <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Stack>
  );
}

function IntoList({ kind, id, asked }: About & { asked: Asked }) {
  const [name, setName] = useState("");
  const make = useMakeList(kind, id, asked);
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          label="Make a list of them"
          placeholder="Name of the list"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          style={{ flex: 1 }}
        />
        <Button disabled={name.trim() === ""} loading={make.isPending} onClick={() => make.mutate(name.trim())}>
          Make
        </Button>
        <Button variant="default" component="a" href={csvOf(kind, id, asked)} download>
          CSV
        </Button>
      </Group>
      <FormFailure error={make.error} />
      {make.data && (
        <Text size="sm" c="dimmed">
          The list has {plural(make.data.count, "contact")}.
        </Text>
      )}
    </Stack>
  );
}
