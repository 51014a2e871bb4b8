import { Autocomplete, NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import classes from "./Builder.module.css";

/** As wide as what it says, so that a sentence of controls reads as one. */
export const widthOf = (text: string, least = 5): string =>
  `calc(${Math.max(least, Math.min(text.length, 36)) + 1}ch + 38px)`;

interface Option<T extends string> {
  value: T;
  label: string;
}

interface ChooseProps<T extends string> {
  label: string;
  value: T;
  options: Option<T>[] | { group: string; items: Option<T>[] }[];
  onChange: (value: T) => void;
  /** Set apart: it carries the sentence. */
  strong?: boolean;
}

/** One of a few, within a sentence. */
export function Choose<T extends string>({ label, value, options, onChange, strong = false }: ChooseProps<T>) {
  const flat = options.flatMap((one) => ("items" in one ? one.items : [one]));
  const shown = flat.find((one) => one.value === value)?.label ?? "";
  return (
    <Select
      size="xs"
      aria-label={label}
      data={options}
      value={value}
      onChange={(chosen) => chosen !== null && onChange(chosen as T)}
      allowDeselect={false}
      w={widthOf(shown, 3)}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      maxDropdownHeight={320}
      classNames={{ input: strong ? classes.strong : classes.pick }}
    />
  );
}

interface ThingProps {
  label: string;
  value: number | null | undefined;
  things: { id: number; name: string }[];
  onChange: (id: number) => void;
  missing: boolean;
}

/** A list, a template and the like by its name. */
export function ThingPick({ label, value, things, onChange, missing }: ThingProps) {
  const data = things.map((one) => ({ value: String(one.id), label: one.name }));
  if (value && !things.some((one) => one.id === value))
    data.push({ value: String(value), label: `No. ${value} (gone)` });
  const shown = data.find((one) => one.value === String(value))?.label ?? label;
  return (
    <Select
      size="xs"
      searchable
      aria-label={label}
      placeholder={label}
      data={data}
      value={value ? String(value) : null}
      onChange={(chosen) => chosen !== null && onChange(Number(chosen))}
      allowDeselect={false}
      nothingFoundMessage="There is none"
      error={missing}
      w={widthOf(shown, 14)}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      classNames={{ input: classes.strong }}
    />
  );
}

interface WordsProps {
  label: string;
  value: string;
  known: string[];
  onChange: (value: string) => void;
  missing: boolean;
  strong?: boolean;
}

/** Any text, with what is known offered. */
export function Words({ label, value, known, onChange, missing, strong = false }: WordsProps) {
  return (
    <Autocomplete
      size="xs"
      aria-label={label}
      placeholder={label}
      data={[...new Set(known)]}
      value={value}
      onChange={onChange}
      limit={30}
      error={missing}
      w={widthOf(value || label, 12)}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      classNames={{ input: strong ? classes.strong : undefined }}
    />
  );
}

interface ValuesProps {
  label: string;
  value: string[];
  known: string[];
  onChange: (value: string[]) => void;
  missing: boolean;
}

/** Several texts. */
export function Values({ label, value, known, onChange, missing }: ValuesProps) {
  return (
    <TagsInput
      size="xs"
      aria-label={label}
      placeholder={value.length === 0 ? label : ""}
      data={[...new Set(known)]}
      value={value}
      onChange={onChange}
      error={missing}
      miw={180}
      maw="100%"
    />
  );
}

interface AmountProps {
  label: string;
  value: number | null | undefined;
  onChange: (value: number | undefined) => void;
  missing?: boolean;
  min?: number;
  max?: number;
  whole?: boolean;
}

/** A number. */
export function Amount({ label, value, onChange, missing = false, min, max, whole = false }: AmountProps) {
  return (
    <NumberInput
      size="xs"
      aria-label={label}
      value={value ?? ""}
      onChange={(next) => onChange(typeof next === "number" ? next : undefined)}
      error={missing}
      min={min}
      max={max}
      allowDecimal={!whole}
      hideControls
      w={`calc(${Math.max(3, String(value ?? "").length)}ch + 30px)`}
    />
  );
}

interface DayProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  missing: boolean;
}

/** A day of the calendar, UTC. */
export function Day({ label, value, onChange, missing }: DayProps) {
  return (
    <TextInput
      size="xs"
      type="date"
      aria-label={label}
      value={value.slice(0, 10)}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={missing}
      w={138}
    />
  );
}
