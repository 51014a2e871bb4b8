import { Stack, Text } from "@mantine/core";
import { IconMail, IconSpeakerphone, IconUser } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { Refusal } from "@/api/client";
import { useMail, useMessage } from "@/api/messages";
import type { MessageDetail, MessageRow, MessageStep } from "@/api/types";
import { Ask } from "@/components/Ask";
import { JsonCode } from "@/components/Code";
import { exact } from "@/components/format";
import { LinkRow } from "@/components/LinkRow";
import { MailFrame } from "@/components/MailFrame";
import { Page, Panel } from "@/components/Page";
import { Split } from "@/components/Split";
import { Dot, StatePill } from "@/components/State";
import { When } from "@/components/When";
import { NotFound } from "@/shell/Fallbacks";
import classes from "./MessagePage.module.css";
import { detailWords, stateWords, stepWords, toneOfStep } from "./saying";

/** One message: its way so far, what was sent, and what it belongs to. */
export function MessagePage() {
  const { id } = useParams({ from: "/app/messages/$id" });
  const message = useMessage(Number(id));
  if (message.error instanceof Refusal && message.error.status === 404) return <NotFound />;
  const row = message.data?.message;
  return (
    <Page
      title={row?.subject || row?.template_name || "Message"}
      above={{ to: "/messages/sent", name: "Messages" }}
      beside={row && <StatePill state={row.state} words={stateWords(row.state)} />}
      lead={row && `To ${row.email || "nobody: the contact has no address"}`}
    >
      <Ask query={message}>
        {(detail) => <Split main={<Mail id={Number(id)} />} side={<Beside detail={detail} />} />}
      </Ask>
    </Page>
  );
}

/** The mail as it was sent; opening it here counts as nothing. */
function Mail({ id }: { id: number }) {
  const mail = useMail(id);
  return (
    <Panel
      title="The mail"
      lead="As it reads for this contact now. Links lead where they say, and nothing here is counted."
    >
      <Ask query={mail}>
        {({ html, text, refusal }) =>
          refusal === "" ? (
            <MailFrame html={html} text={text} />
          ) : (
            <Text size="sm" c="dimmed">
              It can't be shown. {refusal}
            </Text>
          )
        }
      </Ask>
    </Panel>
  );
}

function Beside({ detail }: { detail: MessageDetail }) {
  return (
    <>
      <Way detail={detail} />
      <About detail={detail} />
    </>
  );
}

function Way({ detail }: { detail: MessageDetail }) {
  const { message, steps } = detail;
  return (
    <Panel title="What became of it" lead={nextWords(message)}>
      <ol className={classes.way}>
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step's place is its identity
          <StepRow key={index} step={step} />
        ))}
      </ol>
      {message.reason && !isSaid(steps, message.reason) && (
        <Text size="sm" c="dimmed" mt="md" className={classes.reason}>
          {message.state === "rejected" ? message.reason : `The server’s last words: ${message.reason}`}
        </Text>
      )}
    </Panel>
  );
}

/** Whether a step says it already. */
const isSaid = (steps: MessageStep[], reason: string): boolean =>
  steps.some(({ data }) => data.reason === reason || data.said === reason);

function nextWords(message: MessageRow): string {
  if (message.state === "deferred") {
    const isDue = Date.parse(message.due_at) <= Date.now();
    return isDue ? "It is tried again next." : `It is tried again at ${exact(message.due_at)}.`;
  }
  if (message.state === "unknown") return "It may or may not have arrived; it is not sent again.";
  const tries = message.attempts;
  return tries > 1 ? `It took ${tries} tries.` : "";
}

function StepRow({ step }: { step: MessageStep }) {
  const detail = detailWords(step.data);
  return (
    <li className={classes.step}>
      <span className={classes.mark}>
        <Dot tone={toneOfStep(step.name)} />
      </span>
      <div className={classes.words}>
        <div className={classes.name}>{stepWords(step.name)}</div>
        {detail && <div className={classes.detail}>{detail}</div>}
      </div>
      <Text size="sm" c="dimmed" component="span">
        <When at={step.at} />
      </Text>
    </li>
  );
}

function About({ detail: { message, body, key } }: { detail: MessageDetail }) {
  return (
    <>
      <Panel title="Belongs to">
        <Stack gap={0}>
          {message.contact_id && (
            <LinkRow to={`/contacts/${message.contact_id}`} icon={<IconUser size={20} />} name={message.email} />
          )}
          {message.template_id !== null && (
            <LinkRow
              to={`/templates/template_${message.template_id}`}
              icon={<IconMail size={20} />}
              name={message.template_name ?? `Template ${message.template_id}`}
            />
          )}
          {message.broadcast_id !== null && (
            <LinkRow
              to={`/broadcasts/${message.broadcast_id}`}
              icon={<IconSpeakerphone size={20} />}
              name={message.broadcast_name ?? `Broadcast ${message.broadcast_id}`}
            />
          )}
        </Stack>
        <Text size="xs" c="dimmed" mt="sm" className={classes.reason}>
          {message.is_transactional ? "Transactional" : "Marketing"} · key <span className="mono">{key}</span>
        </Text>
      </Panel>
      {Object.keys(body).length > 0 && (
        <Panel title="What it brought along">
          <JsonCode value={body} what="body" maxHeight={360} />
        </Panel>
      )}
    </>
  );
}
