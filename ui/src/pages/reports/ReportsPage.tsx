import { Select } from "@mantine/core";
import { IconChartBar } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useBroadcasts, useChoices } from "@/api/broadcasts";
import type { ReportKind } from "@/api/reports";
import { Empty } from "@/components/Empty";
import { Page } from "@/components/Page";
import { ReportPanels } from "./ReportPanels";

/** What became of a template's or a broadcast's mails. */
export function ReportsPage() {
  const { of } = useSearch({ from: "/app/reports" });
  const navigate = useNavigate();
  const templates = useChoices("templates");
  const broadcasts = useBroadcasts();
  const [kind, id] = (of ?? "").split("/");
  return (
    <Page title="Reports" lead="What became of mails: each number opens the people behind it.">
      <Select
        label="Of"
        placeholder="Choose a template or a broadcast"
        data={[
          {
            group: "Templates",
            items: (templates.data ?? []).map((one) => ({ value: `templates/${one.id}`, label: one.name })),
          },
          {
            group: "Broadcasts",
            items: (broadcasts.data ?? []).map((one) => ({ value: `broadcasts/${one.id}`, label: one.name })),
          },
        ]}
        value={of ?? null}
        onChange={(value) => void navigate({ to: "/reports", search: { of: value ?? undefined } })}
        searchable
        maw={420}
      />
      {kind && id ? (
        <ReportPanels kind={kind as ReportKind} id={id} />
      ) : (
        <Empty icon={IconChartBar} title="Choose what to look at">
          Figures come by themselves as mails are sent, delivered, opened and clicked.
        </Empty>
      )}
    </Page>
  );
}
