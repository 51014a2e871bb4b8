import { useElementSize } from "@mantine/hooks";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { Axes } from "./Axes";
import { Bars, Lines } from "./marks";
import { PAD, type Series } from "./plot";
import { axis, bucketAt } from "./scale";
import classes from "./TimeChart.module.css";
import { Tip } from "./Tip";

export interface ChartProps {
  /** What the picture shows, for those who do not see it. */
  label: string;
  times: number[];
  series: Series[];
  marks: "bars" | "lines";
  format: (value: number) => string;
  height?: number;
}

const NARROWEST = 200;

/** Series over time: stacked bars or lines, with axes, a legend, and the figures under the pointer or arrow keys. */
export function TimeChart({ label, times, series, marks, format, height = 220 }: ChartProps) {
  const { ref, width: measured } = useElementSize();
  const [shown, setShown] = useState<number | null>(null);
  const width = Math.max(measured, NARROWEST);
  const plot = { width: width - PAD.left - PAD.right, height: height - PAD.top - PAD.bottom };
  const { top, ticks } = axis(highest(series, marks), 4);
  const draw = { times, series, plot, top };

  function point(event: PointerEvent<HTMLDivElement>): void {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - PAD.left;
    setShown(bucketAt(x, plot.width, times.length));
  }
  function step(event: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setShown((now) => Math.min(times.length - 1, Math.max(0, (now ?? times.length) + by)));
  }

  return (
    <figure className={classes.chart}>
      <Legend series={series} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys walk through the figures */}
      <div
        ref={ref}
        className={classes.plot}
        onPointerMove={point}
        onPointerLeave={() => setShown(null)}
        onKeyDown={step}
        onBlur={() => setShown(null)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the arrow keys reach it
        tabIndex={0}
      >
        <svg width={width} height={height} role="img" aria-label={label}>
          <g transform={`translate(${PAD.left} ${PAD.top})`}>
            <Axes {...draw} ticks={ticks} format={format} />
            {marks === "bars" ? <Bars {...draw} shown={shown} /> : <Lines {...draw} shown={shown} />}
          </g>
        </svg>
        {shown !== null && <Tip {...draw} shown={shown} format={format} />}
      </div>
    </figure>
  );
}

function Legend({ series }: { series: Series[] }) {
  return (
    <figcaption className={classes.legend}>
      {series.map(({ name, colour }) => (
        <span key={name} className={classes.key} data-colour={colour}>
          {name}
        </span>
      ))}
    </figcaption>
  );
}

function highest(series: Series[], marks: "bars" | "lines"): number {
  const buckets = series[0]?.values.length ?? 0;
  let most = 0;
  for (let index = 0; index < buckets; index++) {
    const values = series.map((one) => one.values[index] ?? 0);
    const reach = marks === "bars" ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
    most = Math.max(most, reach);
  }
  return most;
}
