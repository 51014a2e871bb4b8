import { useMemo } from "react";
import { Refusal } from "@/api/client";
import { type ReportKind, useReportMap } from "@/api/reports";
import type { Report } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { MailFrame } from "@/components/MailFrame";
import { Panel } from "@/components/Page";
import { withBadges } from "./clickMap";

/** The mail with the clicks of each link laid over it, or why it can't be; nothing where no mail is published. */
export function ClickMap({ kind, id, clicks }: { kind: ReportKind; id: string; clicks: Report["clicks"] }) {
  const { data, error } = useReportMap(kind, id);
  const html = useMemo(() => data && withBadges(data.html, clicks), [data, clicks]);
  if (error instanceof Refusal && error.status === 404) return null;
  if (!html && !error) return null;
  return (
    <Panel title="Click map" lead="Clicks by people, how many people, and the share of all clicks.">
      {html ? <MailFrame html={html} title="The mail with its clicks" /> : <FormFailure error={error} />}
    </Panel>
  );
}
