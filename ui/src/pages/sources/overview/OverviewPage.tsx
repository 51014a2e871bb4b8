import { Skeleton } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useSourceOverview } from "@/api/sources";
import type { Period, SourceOverview } from "@/api/types";
import { TimeChart } from "@/charts/TimeChart";
import { Ask } from "@/components/Ask";
import { compact, percent, rate } from "@/components/format";
import { Panel } from "@/components/Page";
import { PeriodSwitch } from "@/components/PeriodSwitch";
import { Split } from "@/components/Split";
import { Stat, Stats } from "@/components/Stat";
import { Connected } from "./Connected";
import { SetUp } from "./SetUp";
import { TopEvents } from "./TopEvents";
import { totalsOf } from "./totals";

/** What arrives at one source, and how to make it send. A source that has seen nothing shows the set-up first. */
export function OverviewPage() {
  const { id } = useParams({ from: "/app/sources/$id/overview" });
  const [period, setPeriod] = useState<Period>("1h");
  const overview = useSourceOverview(id, period);
  return (
    <Ask query={overview} loading={<Skeleton height={320} radius="lg" />}>
      {(data) => {
        const isNew = data.source.last_event_at === null;
        const setUp = <SetUp source={data.source} isNew={isNew} />;
        return (
          <>
            {isNew && setUp}
            {!isNew && <Traffic overview={data} period={period} onPeriod={setPeriod} />}
            <Split
              main={isNew ? <TopEvents overview={data} /> : setUp}
              side={
                <>
                  {!isNew && <TopEvents overview={data} />}
                  <Connected source={data.source} />
                </>
              }
            />
          </>
        );
      }}
    </Ask>
  );
}

interface TrafficProps {
  overview: SourceOverview;
  period: Period;
  onPeriod: (period: Period) => void;
}

function Traffic({ overview, period, onPeriod }: TrafficProps) {
  const { points } = overview;
  const totals = totalsOf(points);
  return (
    <>
      <Stats>
        <Stat name="Receiving now" value={rate(overview.per_second)} note="over the last ten seconds" />
        <Stat name="Accepted" value={compact(totals.accepted)} note="in the period shown" />
        <Stat
          name="Refused"
          value={compact(totals.rejected)}
          note={percent(totals.rejected, totals.all)}
          tone={totals.rejected > 0 ? "bad" : undefined}
          to={`/sources/${overview.source.id}/refused`}
        />
        <Stat name="Duplicates" value={compact(totals.duplicates)} note={percent(totals.duplicates, totals.all)} />
      </Stats>
      <Panel title="Events" beside={<PeriodSwitch value={period} onChange={onPeriod} />}>
        <TimeChart
          label={`Events over time: ${totals.accepted} accepted, ${totals.rejected} refused, ${totals.duplicates} duplicates`}
          times={points.map((point) => Date.parse(point.at))}
          series={[
            { name: "Accepted", colour: "accent", values: points.map((point) => point.accepted) },
            { name: "Duplicates", colour: "idle", values: points.map((point) => point.duplicates) },
            { name: "Refused", colour: "bad", values: points.map((point) => point.rejected) },
          ]}
          marks="bars"
          format={compact}
        />
      </Panel>
    </>
  );
}
