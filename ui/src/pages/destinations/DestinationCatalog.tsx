import { useCatalogDestinations } from "@/api/destinations";
import { Ask } from "@/components/Ask";
import { Catalog } from "@/components/Catalog";
import { Page } from "@/components/Page";

export function DestinationCatalog() {
  const catalog = useCatalogDestinations();
  return (
    <Page
      title="Add a destination"
      above={{ to: "/destinations", name: "Destinations" }}
      lead="Pick where your events are to go, besides the warehouse, which gets them all."
    >
      <Ask query={catalog}>
        {(entries) => <Catalog entries={entries} base="/destinations/catalog" what="destinations" />}
      </Ask>
    </Page>
  );
}
