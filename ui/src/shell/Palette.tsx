import { useMantineColorScheme } from "@mantine/core";
import { Spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import "@mantine/spotlight/styles.css";
import { IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useDestinations } from "@/api/destinations";
import { useSources } from "@/api/sources";
import { KindIcon } from "@/components/KindIcon";
import { pagesOfDestination, pagesOfSource, STANDING_PLACES } from "./places";

/** Cmd or Ctrl+K: every page, source and destination by name. */
export function Palette() {
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const sources = useSources();
  const destinations = useDestinations();
  const go = (to: string) => () => void navigate({ to });
  const groups: SpotlightActionGroupData[] = [
    {
      group: "Pages",
      actions: STANDING_PLACES.map(({ to, name, keywords }) => ({ id: to, label: name, keywords, onClick: go(to) })),
    },
    {
      group: "Sources",
      actions: (sources.data ?? []).flatMap((source) =>
        pagesOfSource(source).map(({ to, name, keywords }) => ({
          id: to,
          label: name,
          keywords,
          leftSection: <KindIcon icon={source.kind} size={22} />,
          onClick: go(to),
        })),
      ),
    },
    {
      group: "Destinations",
      actions: (destinations.data ?? []).flatMap((destination) =>
        pagesOfDestination(destination).map(({ to, name, keywords }) => ({
          id: to,
          label: name,
          keywords,
          leftSection: <KindIcon icon={destination.kind} size={22} />,
          onClick: go(to),
        })),
      ),
    },
    {
      group: "Appearance",
      actions: (["light", "dark", "auto"] as const).map((scheme) => ({
        id: `theme-${scheme}`,
        label: `Colour scheme: ${scheme}`,
        onClick: () => setColorScheme(scheme),
      })),
    },
  ];
  return (
    <Spotlight
      actions={groups}
      shortcut={["mod + K"]}
      nothingFound="Nothing by that name"
      overlayProps={{ blur: 2, backgroundOpacity: 0.3 }}
      scrollable
      maxHeight={420}
      limit={40}
      searchProps={{ leftSection: <IconSearch size={18} />, placeholder: "Go to a page, source or destination…" }}
    />
  );
}
