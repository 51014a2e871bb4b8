import type { SegmentTimes, SegmentWhen } from "@/api/types";
import { EVER, type Often, oftenOf, timesOf } from "./conditions";
import { Amount, Choose, Day } from "./controls";

type Choice = SegmentWhen["type"];

const CHOICES: { value: Choice; label: string }[] = [
  { value: "ever", label: "at any time" },
  { value: "last", label: "in the last" },
  { value: "older", label: "more than" },
  { value: "between", label: "between" },
];

const UNITS = [
  { value: "minutes", label: "minutes" },
  { value: "hours", label: "hours" },
  { value: "days", label: "days" },
] as const;

interface WindowProps {
  when: SegmentWhen | undefined;
  marked: boolean;
  /** A moment that every contact has is never "at any time". */
  always?: boolean;
  onChange: (when: SegmentWhen) => void;
}

/** "in the last 30 days" */
export function Window({ when = EVER, marked, always = false, onChange }: WindowProps) {
  const n = "n" in when ? when.n : 30;
  const unit = "unit" in when ? when.unit : "days";
  function choose(choice: Choice): void {
    if (choice === "ever") onChange(EVER);
    else if (choice === "between") onChange({ type: "between", start: "", end: "" });
    else onChange({ type: choice, n, unit });
  }
  return (
    <>
      <Choose
        label="When"
        value={when.type}
        options={always ? CHOICES.filter((one) => one.value !== "ever") : CHOICES}
        onChange={choose}
      />
      {(when.type === "last" || when.type === "older") && (
        <>
          <Amount
            label="How long"
            value={n}
            min={1}
            max={100_000}
            whole
            onChange={(next) => onChange({ ...when, n: next ?? 1 })}
          />
          <Choose
            label="Unit"
            value={unit}
            options={[...UNITS]}
            onChange={(next) => onChange({ ...when, unit: next })}
          />
          {when.type === "older" && <span>ago</span>}
        </>
      )}
      {when.type === "between" && <Days when={when} marked={marked} onChange={onChange} />}
    </>
  );
}

type Between = Extract<SegmentWhen, { type: "between" }>;

function Days({ when, marked, onChange }: { when: Between; marked: boolean; onChange: (when: SegmentWhen) => void }) {
  const missing = marked && !when.start && !when.end;
  const set = (change: Partial<Between>) => {
    const next = { ...when, ...change };
    onChange({ type: "between", ...(next.start ? { start: next.start } : {}), ...(next.end ? { end: next.end } : {}) });
  };
  return (
    <>
      <Day label="First day" value={when.start ?? ""} onChange={(start) => set({ start })} missing={missing} />
      <span>and</span>
      <Day label="Last day" value={when.end ?? ""} onChange={(end) => set({ end })} missing={missing} />
    </>
  );
}

const OFTEN: { value: Often; label: string }[] = [
  { value: "ever", label: "at least once" },
  { value: "never", label: "not once" },
  { value: "at_least", label: "at least" },
  { value: "at_most", label: "at most" },
  { value: "exactly", label: "exactly" },
];

const WHICH: { value: Which; label: string }[] = [
  { value: "first", label: "for the first time" },
  { value: "last", label: "for the last time" },
];

type Which = "first" | "last";

interface TimesProps {
  count: SegmentTimes | undefined;
  /** Of an event: whether its first or last time is asked for, not how often it was. */
  which?: "any" | Which;
  onChange: (count: SegmentTimes) => void;
  onWhich?: (which: Which) => void;
}

/** "at least 3 times", "for the first time" */
export function Times({ count, which = "any", onChange, onWhich }: TimesProps) {
  const often = which === "any" ? oftenOf(count) : which;
  const n = count?.n ?? 1;
  function choose(next: Often | Which): void {
    if (next === "first" || next === "last") onWhich?.(next);
    else onChange(timesOf(next, n));
  }
  const isCounted = often === "at_least" || often === "at_most" || often === "exactly";
  return (
    <>
      <Choose label="How often" value={often} options={onWhich ? [...OFTEN, ...WHICH] : OFTEN} onChange={choose} />
      {isCounted && (
        <>
          <Amount
            label="Times"
            value={n}
            min={1}
            max={100_000}
            whole
            onChange={(next) => onChange(timesOf(often, next ?? 1))}
          />
          <span>{n === 1 ? "time" : "times"}</span>
        </>
      )}
    </>
  );
}
