import { type Draw, PAD } from "./plot";
import classes from "./TimeChart.module.css";

const format = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

interface TipProps extends Draw {
  shown: number;
  format: (value: number) => string;
}

/** The figures of one bucket, on the side of the pointer where there is room. */
export function Tip({ times, series, plot, shown, format: text }: TipProps) {
  const time = times[shown];
  if (time === undefined) return null;
  const x = PAD.left + ((shown + 0.5) / times.length) * plot.width;
  const left = shown < times.length / 2;
  return (
    <div
      className={classes.tip}
      style={left ? { left: x + 12 } : { right: plot.width + PAD.left + PAD.right - x + 12 }}
    >
      <div className={classes.tipTime}>{format.format(time)}</div>
      {series.map((one) => (
        <div key={one.name} className={classes.tipRow}>
          <span className={classes.key} data-colour={one.colour}>
            {one.name}
          </span>
          <b>{one.values[shown] == null ? "–" : text(one.values[shown])}</b>
        </div>
      ))}
    </div>
  );
}
