import { SegmentedControl } from "@mantine/core";
import type { Period } from "@/api/types";

const PERIODS: { value: Period; label: string }[] = [
  { value: "10m", label: "10 min" },
  { value: "1h", label: "1 h" },
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 d" },
];

export function PeriodSwitch({ value, onChange }: { value: Period; onChange: (period: Period) => void }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Period"
      data={PERIODS}
      value={value}
      onChange={(chosen) => onChange(chosen as Period)}
    />
  );
}
