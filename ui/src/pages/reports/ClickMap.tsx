import { useMemo } from "react";
import { type ReportKind, useReportMap } from "@/api/reports";
import type { Report } from "@/api/types";
import { MailFrame } from "@/components/MailFrame";
import { Panel } from "@/components/Page";
import { withBadges } from "./clickMap";

/** The mail with the clicks of each link laid over it; nothing where no mail is published. */
export function ClickMap({ kind, id, clicks }: { kind: ReportKind; id: string; clicks: Report["clicks"] }) {
  const mail = useReportMap(kind, id).data?.html;
  const html = useMemo(() => mail && withBadges(mail, clicks), [mail, clicks]);
  if (!html) return null;
  return (
    <Panel title="Click map" lead="Clicks by people, how many people, and the share of all clicks.">
      <MailFrame html={html} title="The mail with its clicks" />
    </Panel>
  );
}
