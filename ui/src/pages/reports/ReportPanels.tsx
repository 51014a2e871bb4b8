import { Anchor } from "@mantine/core";
import { IconChartBar } from "@tabler/icons-react";
import { useState } from "react";
import { type Asked, type ReportKind, useReport } from "@/api/reports";
import type { Report } from "@/api/types";
import { TimeChart } from "@/charts/TimeChart";
import { Ask } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { compact, count } from "@/components/format";
import { Panel } from "@/components/Page";
import { Stat, Stats } from "@/components/Stat";
import { Cell, Rows } from "@/components/Table";
import { BehindDrawer } from "./BehindDrawer";
import { ClickMap } from "./ClickMap";
import { figuresOf } from "./figures";

interface ReportPanelsProps {
  kind: ReportKind;
  id: string;
  /** What changes when there is surely news. */
  news?: string;
}

/** The figures of a template or a broadcast; each number opens those behind it. */
export function ReportPanels({ kind, id, news = "" }: ReportPanelsProps) {
  const report = useReport(kind, id, news);
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <Ask query={report}>
      {(data) =>
        data.figures.attempted === 0 ? (
          <Empty icon={IconChartBar} title="Nothing was sent yet">
            The figures come by themselves once mails are on their way.
          </Empty>
        ) : (
          <>
            <Figures report={data} onAsk={setAsked} />
            <OverTime report={data} />
            <ClickMap kind={kind} id={id} clicks={data.clicks} />
            <Links report={data} onAsk={setAsked} />
            <Reasons report={data} />
            <BehindDrawer kind={kind} id={id} asked={asked} report={data} onClose={() => setAsked(null)} />
          </>
        )
      }
    </Ask>
  );
}

function Figures({ report, onAsk }: { report: Report; onAsk: (asked: Asked) => void }) {
  return (
    <Stats>
      {figuresOf(report).map(({ what, name, value, note, tone }) => (
        <Stat
          key={what}
          name={name}
          value={compact(value)}
          note={note}
          tone={tone}
          onOpen={() => onAsk({ what })}
          what={`${compact(value)}. ${name}: show the contacts`}
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
                aria-label={`${count(link.people)}: show who clicked ${link.url}`}
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

const REASON_HEADS = [{ name: "Reason" }, { name: "Mails", right: true }];

function Reasons({ report: { reasons } }: { report: Report }) {
  if (reasons.length === 0) return null;
  return (
    <Panel title="Why mails were not sent" flush>
      <Rows caption="Mails that were not sent, by reason" heads={REASON_HEADS}>
        {reasons.map((one) => (
          <tr key={one.reason}>
            <Cell>
              <span style={{ overflowWrap: "anywhere" }}>{one.said || "No reason is known."}</span>
            </Cell>
            <Cell right>{count(one.count)}</Cell>
          </tr>
        ))}
      </Rows>
    </Panel>
  );
}
