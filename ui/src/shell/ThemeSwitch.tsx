import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun, type TablerIcon } from "@tabler/icons-react";

const SCHEMES: [MantineColorScheme, string, TablerIcon][] = [
  ["light", "Light", IconSun],
  ["dark", "Dark", IconMoon],
  ["auto", "Auto", IconDeviceDesktop],
];

export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label="Colour scheme"
      value={colorScheme}
      onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
      data={SCHEMES.map(([value, name, Glyph]) => ({
        value,
        label: (
          <span style={{ display: "inline-flex", alignItems: "center", gap: 6 }}>
            <Glyph size={14} aria-hidden="true" />
            {name}
          </span>
        ),
      }))}
    />
  );
}
