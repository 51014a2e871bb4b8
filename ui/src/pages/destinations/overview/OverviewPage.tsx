import { Skeleton, Stack, Text } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useDestinationOverview } from "@/api/destinations";
import { useSources } from "@/api/sources";
import type { Destination, DestinationOverview, Period } from "@/api/types";
import { TimeChart } from "@/charts/TimeChart";
import { Ask } from "@/components/Ask";
import { compact, count, millis, percent } from "@/components/format";
import { KindIcon } from "@/components/KindIcon";
import { LinkRow } from "@/components/LinkRow";
import { Panel } from "@/components/Page";
import { PeriodSwitch } from "@/components/PeriodSwitch";
import { Split } from "@/components/Split";
import { Stat, Stats } from "@/components/Stat";
import { Cell, Rows } from "@/components/Table";
import { NotTaken } from "../NotTaken";

export function OverviewPage() {
  const { id } = useParams({ from: "/app/destinations/$id/overview" });
  const [period, setPeriod] = useState<Period>("1h");
  const overview = useDestinationOverview(id, period);
  return (
    <Ask query={overview} loading={<Skeleton height={320} radius="lg" />}>
      {(data) => (
        <>
          <Figures destination={data.destination} />
          <Charts overview={data} period={period} onPeriod={setPeriod} />
          <Split main={<Errors overview={data} />} side={<FromSources destination={data.destination} />} />
        </>
      )}
    </Ask>
  );
}

function Figures({ destination }: { destination: Destination }) {
  const { delivered_24h: delivered, failed_24h: failed, waiting, dead, p95_millis: p95 } = destination;
  return (
    <Stats>
      <Stat name="Delivered, 24 h" value={compact(delivered)} />
      <Stat
        name="Failed, 24 h"
        value={compact(failed)}
        note={percent(failed, delivered + failed)}
        tone={failed > 0 ? "bad" : undefined}
      />
      <Stat
        name="Waiting for a retry"
        value={compact(waiting)}
        note={aboutLag(destination)}
        tone={waiting > 0 ? "warn" : undefined}
      />
      <Stat
        name="Dead letters"
        value={compact(dead)}
        tone={dead > 0 ? "bad" : undefined}
        to={`/destinations/${destination.id}/dead-letters`}
      />
      <Stat name="Latency, p95" value={p95 === null ? "–" : millis(p95)} />
    </Stats>
  );
}

function aboutLag({ enabled, lag }: Destination): string {
  if (!enabled) return "tried again once it is on";
  return lag > 0 ? `${compact(lag)} requests not yet read` : "caught up with the log";
}

interface ChartsProps {
  overview: DestinationOverview;
  period: Period;
  onPeriod: (period: Period) => void;
}

const DURING: Record<Period, string> = {
  "10m": "in the last 10 minutes",
  "1h": "in the last hour",
  "24h": "in the last 24 hours",
  "7d": "in the last 7 days",
};

function Charts({ overview, period, onPeriod }: ChartsProps) {
  const { points } = overview;
  const times = points.map((point) => Date.parse(point.at));
  return (
    <>
      <Panel title="Deliveries" beside={<PeriodSwitch value={period} onChange={onPeriod} />}>
        <TimeChart
          label="Deliveries over time"
          times={times}
          series={[
            { name: "Delivered", colour: "accent", values: points.map((point) => point.delivered) },
            { name: "Retried", colour: "warn", values: points.map((point) => point.retried) },
            { name: "Failed", colour: "bad", values: points.map((point) => point.failed) },
          ]}
          marks="bars"
          format={compact}
        />
        <NotTaken overview={overview} during={DURING[period]} />
      </Panel>
      {points.some((point) => point.p95_millis !== null) && (
        <Panel title="Latency">
          <TimeChart
            label="Latency over time"
            times={times}
            series={[
              { name: "p50", colour: "accent", values: points.map((point) => point.p50_millis) },
              { name: "p95", colour: "violet", values: points.map((point) => point.p95_millis) },
            ]}
            marks="lines"
            format={millis}
            height={180}
          />
        </Panel>
      )}
    </>
  );
}

const ERROR_HEADS = [{ name: "Reason" }, { name: "Times", right: true }];

function Errors({ overview: { errors } }: { overview: DestinationOverview }) {
  if (errors.length === 0) {
    return (
      <Panel title="Errors">
        <Text size="sm" c="dimmed">
          None in this period.
        </Text>
      </Panel>
    );
  }
  return (
    <Panel title="Errors" flush>
      <Rows caption="Errors by reason" heads={ERROR_HEADS}>
        {errors.map((row) => (
          <tr key={row.reason}>
            <Cell>{row.reason}</Cell>
            <Cell right>{count(row.count)}</Cell>
          </tr>
        ))}
      </Rows>
    </Panel>
  );
}

function FromSources({ destination }: { destination: Destination }) {
  const sources = useSources();
  const connected = (sources.data ?? []).filter((source) => destination.sources.includes(source.id));
  return (
    <Panel title="Gets events from">
      {connected.length === 0 && (
        <Text size="sm" c="dimmed">
          No source is connected. Choose some in this destination’s settings.
        </Text>
      )}
      <Stack gap={4}>
        {connected.map(({ id, kind, name }) => (
          <LinkRow key={id} to={`/sources/${id}/overview`} icon={<KindIcon icon={kind} size={28} />} name={name} />
        ))}
      </Stack>
    </Panel>
  );
}
