import type { Draw } from "./plot";
import { type TimeTick, timeTicks } from "./scale";
import classes from "./TimeChart.module.css";

const TICK_WIDTH = 84;
const EDGE = 24;
const timeFormat = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const dayFormat = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });

interface AxesProps extends Draw {
  ticks: number[];
  format: (value: number) => string;
}

/** Quiet lines for the values, round times below. */
export function Axes({ times, plot, top, ticks, format }: AxesProps) {
  return (
    <>
      {ticks.map((value) => {
        const y = plot.height - (value / top) * plot.height;
        return (
          <g key={value}>
            <line className={value === 0 ? classes.base : classes.grid} x1={0} x2={plot.width} y1={y} y2={y} />
            <text className={classes.label} x={-10} y={y} dy="0.32em" textAnchor="end">
              {format(value)}
            </text>
          </g>
        );
      })}
      <TimeLabels times={times} plot={plot} />
    </>
  );
}

/** Of a single bucket its beginning, since nothing says how long it is. */
function OnlyLabel({ at, plot }: { at: number; plot: Draw["plot"] }) {
  return (
    <text className={classes.label} x={plot.width / 2} y={plot.height + 18} textAnchor="middle">
      {dayFormat.format(at)}, {timeFormat.format(at)}
    </text>
  );
}

function TimeLabels({ times, plot }: Pick<Draw, "times" | "plot">) {
  const first = times[0];
  const second = times[1];
  if (first === undefined) return null;
  if (second === undefined) return <OnlyLabel at={first} plot={plot} />;
  const span = (second - first) * times.length;
  const zone = -new Date(first).getTimezoneOffset() * 60_000;
  const most = Math.max(2, Math.floor(plot.width / TICK_WIDTH));
  const xOf = (at: number) => ((at - first) / span) * plot.width;
  const fits = ({ at }: TimeTick) => xOf(at) >= EDGE && xOf(at) <= plot.width - EDGE;
  return timeTicks(first, first + span, most, zone)
    .filter(fits)
    .map(({ at, label }) => {
      return (
        <text key={at} className={classes.label} x={xOf(at)} y={plot.height + 18} textAnchor="middle">
          {(label === "day" ? dayFormat : timeFormat).format(at)}
        </text>
      );
    });
}
