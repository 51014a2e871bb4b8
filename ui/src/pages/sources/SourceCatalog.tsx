import { useCatalogSources } from "@/api/sources";
import { Ask } from "@/components/Ask";
import { Catalog } from "@/components/Catalog";
import { Page } from "@/components/Page";

export function SourceCatalog() {
  const catalog = useCatalogSources();
  return (
    <Page
      title="Add a source"
      above={{ to: "/sources", name: "Sources" }}
      lead="Pick what will send events. Any Segment SDK works; only its host changes."
    >
      <Ask query={catalog}>{(entries) => <Catalog entries={entries} base="/sources/catalog" what="sources" />}</Ask>
    </Page>
  );
}
