import { useMemo } from "react";
import { Refusal } from "@/api/client";
import { type ReportKind, useReportMap } from "@/api/reports";
import type { Report } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { MailFrame } from "@/components/MailFrame";
import { Panel } from "@/components/Page";
import { withBadges } from "./clickMap";

/** The mail with the clicks of each link laid over it; nothing where no mail is published, and why it can't be shown. */
export function ClickMap({ kind, id, clicks }: { kind: ReportKind; id: string; clicks: Report["clicks"] }) {
  const map = useReportMap(kind, id);
  const mail = map.data?.html;
  const html = useMemo(() => mail && withBadges(mail, clicks), [mail, clicks]);
  const refusal = map.error instanceof Refusal && map.error.status === 404 ? null : map.error;
  if (!html && !refusal) return null;
  return (
    <Panel title="Click map" lead="Clicks by people, how many people, and the share of all clicks.">
      {html ? <MailFrame html={html} title="The mail with its clicks" /> : <FormFailure error={refusal} />}
    </Panel>
  );
}
