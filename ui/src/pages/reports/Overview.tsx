import { IconChartBar } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { Broadcast, TemplateSummary } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { compact, percent, rateWords } from "@/components/format";
import { NameCell } from "@/components/NameCell";
import { Panel } from "@/components/Page";
import { State } from "@/components/State";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { goesWords, isBegun, shareOf } from "@/pages/broadcasts/progress";

interface OverviewProps {
  templates: UseQueryResult<TemplateSummary[]>;
  broadcasts: UseQueryResult<Broadcast[]>;
}

/** What there are reports of: the templates and broadcasts of which something was sent. */
export function Overview({ templates, broadcasts }: OverviewProps) {
  return (
    <Ask query={templates}>
      {(all) => (
        <Ask query={broadcasts}>
          {(sent) => (
            <Tables templates={all.filter(({ figures }) => figures.sent > 0)} broadcasts={sent.filter(isBegun)} />
          )}
        </Ask>
      )}
    </Ask>
  );
}

function Tables({ templates, broadcasts }: { templates: TemplateSummary[]; broadcasts: Broadcast[] }) {
  if (templates.length === 0 && broadcasts.length === 0) {
    return (
      <Empty icon={IconChartBar} title="Nothing was sent yet">
        The figures come by themselves as mails are sent, delivered, opened and clicked.
      </Empty>
    );
  }
  return (
    <>
      {templates.length > 0 && <TemplateTable templates={templates} />}
      {broadcasts.length > 0 && <BroadcastTable broadcasts={broadcasts} />}
    </>
  );
}

const TEMPLATE_HEADS = [
  { name: "Template" },
  { name: "Sent", right: true },
  { name: "Delivered", right: true, wide: true },
  { name: "Opened", right: true },
  { name: "Clicked", right: true, wide: true },
];

function TemplateTable({ templates }: { templates: TemplateSummary[] }) {
  return (
    <Panel title="Templates" flush>
      <Rows caption="Reports of templates" heads={TEMPLATE_HEADS}>
        {templates.map(({ id, name, figures }) => (
          <tr key={id}>
            <Cell>
              <NameCell to={`/reports?of=templates/${id}`} name={name} />
            </Cell>
            <Cell right>{compact(figures.sent)}</Cell>
            <Cell right wide>
              {compact(figures.delivered)}
            </Cell>
            <Cell right>{rateWords(figures.open_rate)}</Cell>
            <Cell right wide>
              {rateWords(figures.click_rate)}
            </Cell>
          </tr>
        ))}
      </Rows>
    </Panel>
  );
}

const BROADCAST_HEADS = [
  { name: "Broadcast" },
  { name: "State" },
  { name: "Done", right: true, wide: true },
  { name: "Started", right: true, wide: true },
];

function BroadcastTable({ broadcasts }: { broadcasts: Broadcast[] }) {
  return (
    <Panel title="Broadcasts" flush>
      <Rows caption="Reports of broadcasts" heads={BROADCAST_HEADS}>
        {broadcasts.map((one) => (
          <tr key={one.id}>
            <Cell>
              <NameCell to={`/reports?of=broadcasts/${one.id}`} name={one.name} note={goesWords(one)} />
            </Cell>
            <Cell>
              <State state={one.state} />
            </Cell>
            <Cell right wide dim>
              {percent(shareOf(one), 1)}
            </Cell>
            <Cell right wide dim>
              <When at={one.started_at ?? null} />
            </Cell>
          </tr>
        ))}
      </Rows>
    </Panel>
  );
}
