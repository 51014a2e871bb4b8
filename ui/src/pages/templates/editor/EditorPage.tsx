import { Button, Tabs, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSend } from "@tabler/icons-react";
import { useBlocker, useParams } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useEmailChannel } from "@/api/channels";
import { Refusal } from "@/api/client";
import { usePreview, usePublishTemplate, useSaveTemplate, useTemplate } from "@/api/templates";
import type { Template, TemplateProblem } from "@/api/types";
import { Ask, Bars } from "@/components/Ask";
import { FormFailure } from "@/components/Failure";
import { Page } from "@/components/Page";
import { StatePill } from "@/components/State";
import { NotFound } from "@/shell/Fallbacks";
import { changesOf, type Draft, dataOf, draftOf, errorsOf, isChanged } from "./draft";
import classes from "./Editor.module.css";
import { More, Remove } from "./More";
import { Preview } from "./Preview";
import { Problems } from "./Problems";
import { Publish } from "./Publish";
import { SettingsForm } from "./SettingsForm";
import { SourceEditor, type SourceHandle } from "./SourceEditor";
import { TestSend } from "./TestSend";

const PREVIEW_AFTER_MS = 350;
const ABOVE = { to: "/templates", name: "Templates" };

export function EditorPage() {
  const { id } = useParams({ from: "/app/templates/$id" });
  const template = useTemplate(id);
  if (template.error instanceof Refusal && template.error.status === 404) return <NotFound />;
  if (template.data) return <Editor key={id} template={template.data} />;
  return (
    <Page wide title="Template" above={ABOVE}>
      <Ask query={template} loading={<Bars rows={1} height={480} />}>
        {() => null}
      </Ask>
    </Page>
  );
}

function Editor({ template }: { template: Template }) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(template));
  const [contact, setContact] = useState<string | null>(null);
  const [typedData, setTypedData] = useState("");
  const [tab, setTab] = useState<string | null>("source");
  const [asks, setAsks] = useState<"publish" | "test" | "remove" | null>(null);
  const source = useRef<SourceHandle>(null);
  const { from_name, from_address } = useEmailChannel().data?.settings ?? {};
  const sender = String(from_name || from_address || "Your channel’s sender");
  const changes = changesOf(template, draft);
  const [settled] = useDebouncedValue(draft, PREVIEW_AFTER_MS);
  const data = dataOf(typedData);
  const [settledData] = useDebouncedValue(typedData, PREVIEW_AFTER_MS);
  const preview = usePreview(template.id, {
    changes: changesOf(template, settled),
    contact,
    data: dataOf(settledData) ?? {},
  });
  const save = useSaveTemplate(template.id);
  const publish = usePublishTemplate(template.id);
  const problems = preview.data?.problems ?? [];
  const isDirty = isChanged(changes);
  useBlocker({
    shouldBlockFn: () => isDirty && !window.confirm("Leave without saving what you changed?"),
    enableBeforeUnload: () => isDirty,
  });

  const change = (values: Partial<Draft>): void => setDraft((now) => ({ ...now, ...values }));
  const saveNow = (): void => {
    if (isDirty) save.mutate(changes);
  };
  async function publishNow(): Promise<void> {
    if (isDirty) await save.mutateAsync(changes);
    await publish.mutateAsync(undefined);
    setAsks(null);
  }
  function show({ field, line }: TemplateProblem): void {
    setTab(
      field === "text"
        ? "text"
        : field === "body" || field === "subject" || field === "preheader"
          ? "source"
          : "settings",
    );
    if (field === "body") requestAnimationFrame(() => source.current?.goTo(line ?? 1));
    else requestAnimationFrame(() => document.querySelector<HTMLElement>(`[name="${field}"]`)?.focus());
  }

  return (
    <Page
      wide
      title={draft.name || "Template"}
      above={ABOVE}
      beside={<StatePill state={isDirty && template.state === "published" ? "changed" : template.state} />}
      actions={
        <>
          <More template={template} onRemove={() => setAsks("remove")} />
          <Button
            variant="default"
            leftSection={<IconSend size={15} />}
            disabled={data === null}
            onClick={() => setAsks("test")}
          >
            Send test
          </Button>
          <Button variant="default" disabled={!isDirty} loading={save.isPending} onClick={saveNow}>
            Save
          </Button>
          <Button disabled={template.state === "published" && !isDirty} onClick={() => setAsks("publish")}>
            Publish
          </Button>
        </>
      }
    >
      <FormFailure error={asks === "publish" ? null : save.error} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <Heading draft={draft} onChange={change} />
          <Tabs value={tab} onChange={setTab} className={classes.tabs} keepMounted>
            <Tabs.List>
              <Tabs.Tab value="source">{draft.kind === "mjml" ? "MJML" : "HTML"}</Tabs.Tab>
              <Tabs.Tab value="text">Text</Tabs.Tab>
              <Tabs.Tab value="data">Data</Tabs.Tab>
              <Tabs.Tab value="settings">Settings</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="source" className={classes.source}>
              <SourceEditor ref={source} value={draft.body} onChange={(body) => change({ body })} onSave={saveNow} />
            </Tabs.Panel>
            <Tabs.Panel value="text" className={classes.pane}>
              <Textarea
                name="text"
                label="Text part"
                description="For those who read mail as text. Left empty, it is made from the HTML: see Text in the preview."
                autosize
                minRows={12}
                maxRows={26}
                value={draft.text}
                onChange={(event) => change({ text: event.currentTarget.value })}
                styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }}
              />
            </Tabs.Panel>
            <Tabs.Panel value="data" className={classes.pane}>
              <Textarea
                name="data"
                label="Sample data"
                description="What a call of the API would bring along, for the preview and for tests: {{ data.order }} is its “order”. It is not saved."
                placeholder={'{ "order": "R-1024" }'}
                autosize
                minRows={12}
                maxRows={26}
                value={typedData}
                onChange={(event) => setTypedData(event.currentTarget.value)}
                spellCheck={false}
                error={data === null && "This is no JSON object."}
                styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }}
              />
            </Tabs.Panel>
            <Tabs.Panel value="settings" className={classes.pane}>
              <SettingsForm draft={draft} onChange={change} />
            </Tabs.Panel>
          </Tabs>
          <section className={classes.checks} aria-label="Checks">
            <h2 className={classes.checksTitle}>
              Checks
              <span>{counted(problems)}</span>
            </h2>
            {preview.data ? <Problems problems={problems} onShow={show} /> : <Bars rows={2} height={28} />}
          </section>
        </div>
        <div className={classes.column}>
          <Ask query={preview} loading={<Bars rows={1} height={480} />}>
            {(seen) => (
              <Preview
                preview={seen}
                isStale={preview.isFetching || settled !== draft || settledData !== typedData}
                contact={contact}
                onContact={setContact}
                from={draft.from_name || draft.from_address || sender}
              />
            )}
          </Ask>
        </div>
      </div>
      <Publish
        id={template.id}
        opened={asks === "publish"}
        onClose={() => setAsks(null)}
        problems={problems}
        busy={save.isPending || publish.isPending}
        error={save.error ?? publish.error}
        onConfirm={() => void publishNow().catch(() => undefined)}
      />
      <TestSend
        id={template.id}
        shown={{ changes, contact, data: data ?? {} }}
        opened={asks === "test"}
        onClose={() => setAsks(null)}
      />
      <Remove template={template} opened={asks === "remove"} onClose={() => setAsks(null)} />
    </Page>
  );
}

/** "2 errors, 1 warning". */
function counted(problems: TemplateProblem[]): string {
  const errors = errorsOf(problems).length;
  const parts = [
    [errors, "error"],
    [problems.length - errors, "warning"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}${count === 1 ? "" : "s"}`)
    .join(", ");
}

function Heading({ draft, onChange }: { draft: Draft; onChange: (change: Partial<Draft>) => void }) {
  return (
    <div className={classes.heading}>
      <TextInput
        name="subject"
        label="Subject"
        value={draft.subject}
        onChange={(event) => onChange({ subject: event.currentTarget.value })}
      />
      <TextInput
        name="preheader"
        label="Preheader"
        placeholder="What inboxes show after the subject"
        value={draft.preheader}
        onChange={(event) => onChange({ preheader: event.currentTarget.value })}
      />
    </div>
  );
}
