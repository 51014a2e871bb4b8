import { Alert, SegmentedControl, Skeleton } from "@mantine/core";
import { IconAlertTriangle, IconChartPie } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useSegment, useSegmentHistory, useSegments } from "@/api/segments";
import type { Segment, SegmentHour, SegmentPeriod } from "@/api/types";
import { TimeChart } from "@/charts/TimeChart";
import { Ask } from "@/components/Ask";
import { compact, count } from "@/components/format";
import { LinkRow } from "@/components/LinkRow";
import { Panel } from "@/components/Page";
import { Stat, Stats } from "@/components/Stat";
import { changesOf, gathered } from "./history";

const PERIODS = [
  { value: "24h", label: "24 hours" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
];

const HOUR_MS = 3_600_000;

/** How a segment does: how many are in it, how that changed, who came and went. */
export function OverviewPage() {
  const { id } = useParams({ from: "/app/segments/$id/overview" });
  const [period, setPeriod] = useState<SegmentPeriod>("7d");
  const segment = useSegment(id);
  const history = useSegmentHistory(id, period);
  if (!segment.data) return null;
  return (
    <>
      {segment.data.state === "failing" && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title="It can’t be kept true">
          {segment.data.reason} Change its definition to try again.
        </Alert>
      )}
      <Panel title="Who is in it">
        <p style={{ margin: 0 }}>Contacts {segment.data.sentence}.</p>
      </Panel>
      <Ask query={history} loading={<Skeleton height={320} radius="lg" />}>
        {(hours) => <Course segment={segment.data} hours={hours} period={period} onPeriod={setPeriod} />}
      </Ask>
      <UsedBy segment={segment.data} />
    </>
  );
}

interface CourseProps {
  segment: Segment;
  hours: SegmentHour[];
  period: SegmentPeriod;
  onPeriod: (period: SegmentPeriod) => void;
}

function Course({ segment, hours, period, onPeriod }: CourseProps) {
  const size = period === "24h" ? 1 : period === "7d" ? 3 : 12;
  const points = gathered(hours, size);
  const isThere = (at: string) => Date.parse(at) + size * HOUR_MS > Date.parse(segment.created_at);
  const { entered, left } = changesOf(hours);
  const times = points.map((point) => Date.parse(point.at));
  return (
    <>
      <Stats>
        <Stat
          name="In it now"
          value={count(segment.members)}
          note="kept true as things happen"
          to={`/segments/${segment.id}/contacts`}
        />
        <Stat name="Entered" value={compact(entered)} note="in the period shown" />
        <Stat name="Left" value={compact(left)} note="in the period shown" />
        <Stat
          name="Change"
          value={`${entered - left > 0 ? "+" : ""}${compact(entered - left)}`}
          note="entered less left"
        />
      </Stats>
      <Panel
        title="Members"
        beside={
          <SegmentedControl
            size="xs"
            aria-label="Period"
            data={PERIODS}
            value={period}
            onChange={(chosen) => onPeriod(chosen as SegmentPeriod)}
          />
        }
      >
        <TimeChart
          label={`Members over time: ${segment.members} now`}
          times={times}
          series={[
            {
              name: "Members",
              colour: "accent",
              values: points.map((point) => (isThere(point.at) ? point.members : null)),
            },
          ]}
          marks="lines"
          format={compact}
        />
      </Panel>
      <Panel title="Who came and went">
        <TimeChart
          label={`${entered} entered and ${left} left`}
          times={times}
          series={[
            { name: "Entered", colour: "good", values: points.map((point) => point.entered) },
            { name: "Left", colour: "idle", values: points.map((point) => point.left) },
          ]}
          marks="bars"
          format={compact}
          height={160}
        />
      </Panel>
    </>
  );
}

function UsedBy({ segment }: { segment: Segment }) {
  const all = useSegments();
  const users = (all.data ?? []).filter((one) => segment.used_by.includes(one.id));
  if (users.length === 0) return null;
  return (
    <Panel title="Used by" lead="Segments that ask who is in this one.">
      {users.map((one) => (
        <LinkRow key={one.id} to={`/segments/${one.id}/overview`} icon={<IconChartPie size={18} />} name={one.name} />
      ))}
    </Panel>
  );
}
