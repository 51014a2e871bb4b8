import { Text } from "@mantine/core";
import { useCatalogDestinations } from "@/api/destinations";
import type { CatalogDestination, DestinationOverview } from "@/api/types";
import { plural } from "@/components/format";

const EVERY_METHOD = 6;

/** How many calls a destination did not take, and why; nothing where it takes all and took all. */
export function NotTaken({ overview, during }: { overview: DestinationOverview; during: string }) {
  const catalog = useCatalogDestinations();
  const kind = catalog.data?.find(({ slug }) => slug === overview.destination.kind);
  const filtered = overview.points.reduce((sum, point) => sum + point.filtered, 0);
  return kind === undefined ? null : <Said kind={kind} filtered={filtered} during={during} />;
}

interface SaidProps {
  kind: Pick<CatalogDestination, "slug" | "name" | "methods">;
  filtered: number;
  /** Of which time the number is: "in the last hour". */
  during: string;
}

export function Said({ kind, filtered, during }: SaidProps) {
  const takesAll = kind.methods.length === EVERY_METHOD;
  if (takesAll && filtered === 0) return null;
  return (
    <Text size="sm" c="dimmed">
      {filtered > 0 && (
        <Text span inherit fw={500} c="var(--mantine-color-text)">
          {plural(filtered, "call was", "calls were")} not taken {during}.{" "}
        </Text>
      )}
      {takesAll
        ? "Its settings say which types and events it takes, and a call’s integrations may leave it out."
        : `${kind.name} takes ${list(kind.methods)} only.`}
      {kind.slug === "autopilothq" &&
        " A page, screen or group of a contact that is known is on its timeline all the same; an alias unites its two ids."}
      {!takesAll && filtered > 0 && " A call’s integrations may leave it out too."}
    </Text>
  );
}

const list = (words: string[]): string => new Intl.ListFormat("en").format(words);
