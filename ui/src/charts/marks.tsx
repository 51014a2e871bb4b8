import type { Draw } from "./plot";
import { linePath, stack } from "./scale";
import classes from "./TimeChart.module.css";

interface MarksProps extends Draw {
  shown: number | null;
}

const GAP = 0.25;
const WIDEST = 28;

/** One stack a bucket; a thing that happened is never thinner than a pixel. */
export function Bars({ times, series, plot, top, shown }: MarksProps) {
  const slot = plot.width / Math.max(1, times.length);
  const width = Math.min(WIDEST, Math.max(1, slot * (1 - GAP)));
  return times.map((time, index) => (
    <g key={time} opacity={shown === null || shown === index ? 1 : 0.45}>
      {stack(series.map((one) => one.values[index] ?? 0)).map(({ from, to }, place) => {
        const one = series[place];
        if (!one || to === from) return null;
        const tall = Math.max(1.5, ((to - from) / top) * plot.height);
        return (
          <rect
            key={one.name}
            className={classes.fill}
            data-colour={one.colour}
            x={index * slot + (slot - width) / 2}
            y={plot.height - (from / top) * plot.height - tall}
            width={width}
            height={tall}
            rx={Math.min(1.5, width / 4)}
          />
        );
      })}
    </g>
  ));
}

export function Lines({ times, series, plot, top, shown }: MarksProps) {
  const slot = plot.width / Math.max(1, times.length);
  const at = (index: number, value: number) => ({
    x: (index + 0.5) * slot,
    y: plot.height - (value / top) * plot.height,
  });
  return (
    <>
      {shown !== null && (
        <line className={classes.cross} x1={at(shown, 0).x} x2={at(shown, 0).x} y1={0} y2={plot.height} />
      )}
      {series.map((one) => (
        <g key={one.name} data-colour={one.colour}>
          <path
            className={classes.line}
            data-colour={one.colour}
            d={linePath(one.values.map((value, index) => (value === null ? null : at(index, value))))}
          />
          {one.values.map((value, index) => {
            const alone = (one.values[index - 1] ?? null) === null && (one.values[index + 1] ?? null) === null;
            if (value === null || !(alone || index === shown)) return null;
            const { x, y } = at(index, value);
            return <circle key={times[index]} className={classes.fill} data-colour={one.colour} cx={x} cy={y} r={3} />;
          })}
        </g>
      ))}
    </>
  );
}
