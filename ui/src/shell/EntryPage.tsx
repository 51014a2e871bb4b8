import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Ask } from "@/components/Ask";
import type { CatalogEntry } from "@/components/catalog";
import { KindIcon } from "@/components/KindIcon";
import { Markdown, MarkdownLine } from "@/components/Markdown";
import { Page, Panel } from "@/components/Page";
import { Split } from "@/components/Split";
import { NotFound } from "./Fallbacks";

interface EntryPageProps<Entry> {
  catalog: UseQueryResult<Entry[]>;
  slug: string;
  above: { to: string; name: string };
  /** The form that adds one. */
  form: (entry: Entry) => ReactNode;
  /** Under its description. */
  more?: (entry: Entry) => ReactNode;
}

/** The page of a catalog's entry: a form that adds one beside what it is. */
export function EntryPage<Entry extends CatalogEntry & { description: string }>({
  catalog,
  slug,
  above,
  form,
  more,
}: EntryPageProps<Entry>) {
  const entry = catalog.data?.find((one) => one.slug === slug);
  if (catalog.data && !entry) return <NotFound />;
  return (
    <Page
      title={entry?.name ?? above.name}
      above={above}
      icon={entry && <KindIcon icon={entry.icon} size={44} />}
      lead={entry && <MarkdownLine text={entry.summary} />}
    >
      <Ask query={catalog}>
        {() =>
          entry && (
            <Split
              main={form(entry)}
              side={
                <Panel title={`About ${entry.name}`}>
                  <Markdown text={entry.description} />
                  {more?.(entry)}
                </Panel>
              }
            />
          )
        }
      </Ask>
    </Page>
  );
}
