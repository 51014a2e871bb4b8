import { Select } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useBroadcasts } from "@/api/broadcasts";
import type { ReportKind } from "@/api/reports";
import { useTemplates } from "@/api/templates";
import { Page } from "@/components/Page";
import { Overview } from "./Overview";
import { ReportPanels } from "./ReportPanels";

/** What became of a template's or a broadcast's mails; of all of them, in short, while none is chosen. */
export function ReportsPage() {
  const { of } = useSearch({ from: "/app/reports" });
  const navigate = useNavigate();
  const templates = useTemplates();
  const broadcasts = useBroadcasts();
  const [kind, id] = (of ?? "").split("/");
  const named = (group: string, kindOf: ReportKind, all: { id: string | number; name: string }[] | undefined) => ({
    group,
    items: (all ?? []).map((one) => ({ value: `${kindOf}/${one.id}`, label: one.name })),
  });
  return (
    <Page title="Reports" lead="What became of mails: each number opens the people behind it.">
      <Select
        aria-label="Report on"
        placeholder="Choose a template or a broadcast"
        data={[named("Templates", "templates", templates.data), named("Broadcasts", "broadcasts", broadcasts.data)]}
        value={of ?? null}
        onChange={(value) => void navigate({ to: "/reports", search: { of: value ?? undefined } })}
        searchable
        clearable
        nothingFoundMessage="Nothing is called so"
        maw={420}
      />
      {kind && id ? (
        <ReportPanels key={of} kind={kind as ReportKind} id={id} />
      ) : (
        <Overview templates={templates} broadcasts={broadcasts} />
      )}
    </Page>
  );
}
