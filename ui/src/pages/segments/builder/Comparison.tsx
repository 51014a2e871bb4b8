import type { SegmentOp, SegmentProperty, SegmentTrait, SuggestedField } from "@/api/types";
import { COMPARISONS, firstOp, opsFor, withOp } from "./conditions";
import { Amount, Choose, Day, Values, Words } from "./controls";

interface ComparisonProps<T extends SegmentTrait | SegmentProperty> {
  what: "trait" | "property";
  one: T;
  known: SuggestedField[];
  marked: boolean;
  onChange: (one: T) => void;
}

/** "plan is pro": what is compared, how, and with what. */
export function Comparison<T extends SegmentTrait | SegmentProperty>(props: ComparisonProps<T>) {
  const { what, one, known, marked, onChange } = props;
  const field = known.find((each) => each.name === one.name);
  const { fitting, others } = opsFor(field?.kind, what === "property");
  const option = (op: SegmentOp) => ({ value: op, label: COMPARISONS[op].words });
  const options = [{ group: "", items: fitting.map(option) }];
  if (others.length > 0) options.push({ group: "Others", items: others.map(option) });
  function rename(name: string): void {
    const next = known.find((each) => each.name === name);
    const renamed = { ...one, name };
    const untouched = one.value === "" || one.value === undefined;
    onChange(next && untouched && next.kind !== field?.kind ? withOp(renamed, firstOp(next.kind)) : renamed);
  }
  return (
    <>
      <Words
        label={`Choose a ${what}`}
        value={one.name}
        known={known.map((each) => each.name)}
        onChange={rename}
        missing={marked && one.name === ""}
        strong
      />
      <Choose label="How it compares" value={one.op} options={options} onChange={(op) => onChange(withOp(one, op))} />
      <Given one={one} field={field} marked={marked} onChange={onChange} />
    </>
  );
}

interface GivenProps<T> {
  one: T;
  field: SuggestedField | undefined;
  marked: boolean;
  onChange: (one: T) => void;
}

/** What it is compared with, by what the comparison needs. */
function Given<T extends SegmentTrait | SegmentProperty>({ one, field, marked, onChange }: GivenProps<T>) {
  const known = field?.values ?? [];
  const isNumber = field?.kind === "number" || typeof one.value === "number";
  const missing = marked && (one.value === "" || one.value == null);
  const set = (value: string | number | undefined) => onChange({ ...one, value });
  switch (COMPARISONS[one.op].need) {
    case "nothing":
      return null;
    case "number":
      return <Amount label="Number" value={numberOf(one.value)} onChange={set} missing={missing} />;
    case "range":
      return (
        <>
          <Amount label="From" value={numberOf(one.value)} onChange={set} missing={missing} />
          <span>and</span>
          <Amount
            label="To"
            value={one.high}
            onChange={(high) => onChange({ ...one, high })}
            missing={marked && one.high == null}
          />
        </>
      );
    case "date":
      return <Day label="Day" value={String(one.value ?? "")} onChange={set} missing={missing} />;
    case "days":
      return <Days one={one as SegmentTrait} marked={marked} onChange={onChange as (one: SegmentTrait) => void} />;
    case "values":
      return (
        <Values
          label="Type values"
          value={(one.values ?? []).map(String)}
          known={known}
          onChange={(values) => onChange({ ...one, values: values.map((text) => typed(text, isNumber)) })}
          missing={marked && !one.values?.length}
        />
      );
    default:
      return (
        <Words
          label="Value"
          value={String(one.value ?? "")}
          known={known}
          onChange={(text) => set(typed(text, isNumber && one.op.startsWith("is")))}
          missing={missing}
        />
      );
  }
}

function Days({
  one,
  marked,
  onChange,
}: {
  one: SegmentTrait;
  marked: boolean;
  onChange: (one: SegmentTrait) => void;
}) {
  const least = one.op === "anniversary" ? 0 : 1;
  return (
    <>
      <Amount
        label="Days"
        value={one.days}
        min={least}
        max={one.op === "anniversary" ? 60 : 36_500}
        whole
        onChange={(days) => onChange({ ...one, days: days ?? null })}
        missing={marked && one.days == null}
      />
      <span>{one.days === 1 ? "day" : "days"}</span>
      {one.op === "anniversary" && one.days === 0 && <span>(today)</span>}
    </>
  );
}

const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** A number where the field holds numbers and the text is one. */
function typed(text: string, isNumber: boolean): string | number {
  return isNumber && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
