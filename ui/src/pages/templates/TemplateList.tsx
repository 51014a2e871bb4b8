import { Button } from "@mantine/core";
import { IconPlus, IconSearchOff, IconTags, IconTemplate } from "@tabler/icons-react";
import { useState } from "react";
import { useTemplates } from "@/api/templates";
import type { TemplateSummary } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { compact, rateWords } from "@/components/format";
import { NameCell } from "@/components/NameCell";
import { Page, Panel } from "@/components/Page";
import { Search } from "@/components/Search";
import { State } from "@/components/State";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { AddTemplate } from "./AddTemplate";
import { Topics } from "./Topics";

export function TemplateList() {
  const templates = useTemplates();
  const [isAdding, setAdding] = useState(false);
  const [isTopics, setTopics] = useState(false);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      Add template
    </Button>
  );
  return (
    <Page
      title="Templates"
      lead="The mails that you send, written once and filled in for each person."
      actions={
        <>
          <Button variant="default" leftSection={<IconTags size={16} />} onClick={() => setTopics(true)}>
            Topics
          </Button>
          {add}
        </>
      }
    >
      <Ask query={templates}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={IconTemplate} title="No templates yet" action={add}>
              Add one: it begins with a mail that looks good on every screen, and you see what it becomes as you write.
            </Empty>
          ) : (
            <Filtered templates={all} />
          )
        }
      </Ask>
      <AddTemplate opened={isAdding} onClose={() => setAdding(false)} />
      <Topics opened={isTopics} onClose={() => setTopics(false)} />
    </Page>
  );
}

function Filtered({ templates }: { templates: TemplateSummary[] }) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const shown = templates.filter(({ name, subject, topic }) =>
    `${name} ${subject} ${topic ?? ""}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <Search value={text} onChange={setText} placeholder="Search templates" />
      {shown.length === 0 ? (
        <Empty icon={IconSearchOff} title={`No templates match “${text}”`} />
      ) : (
        <TemplateTable templates={shown} />
      )}
    </>
  );
}

const HEADS = [
  { name: "Name" },
  { name: "Status" },
  { name: "Topic", wide: true },
  { name: "Sent", right: true, wide: true },
  { name: "Opened", right: true, wide: true },
  { name: "Clicked", right: true, wide: true },
  { name: "Changed", right: true, wide: true },
];

function TemplateTable({ templates }: { templates: TemplateSummary[] }) {
  return (
    <Panel flush>
      <Rows caption="Templates" heads={HEADS}>
        {templates.map((template) => (
          <tr key={template.id}>
            <Cell>
              <NameCell to={`/templates/${template.id}`} name={template.name} note={template.subject} />
            </Cell>
            <Cell>
              <State state={template.state} />
            </Cell>
            <Cell wide dim>
              {template.is_transactional ? "Transactional" : (template.topic ?? "–")}
            </Cell>
            <Cell right wide dim={template.figures.sent === 0}>
              {compact(template.figures.sent)}
            </Cell>
            <Cell right wide dim={template.figures.opened === 0}>
              {rateWords(template.figures.open_rate)}
            </Cell>
            <Cell right wide dim={template.figures.clicked === 0}>
              {rateWords(template.figures.click_rate)}
            </Cell>
            <Cell right wide dim>
              <When at={template.updated_at} />
            </Cell>
          </tr>
        ))}
      </Rows>
    </Panel>
  );
}
