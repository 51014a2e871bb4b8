import { Button, Group, Select } from "@mantine/core";
import { IconMailFast, IconSearchOff, IconX } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useMessages, type WantedMessages } from "@/api/messages";
import type { MessageRow, MessageState } from "@/api/types";
import { Bars } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { NameCell } from "@/components/NameCell";
import { Panel } from "@/components/Page";
import { Search } from "@/components/Search";
import { State } from "@/components/State";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { originWords, STATES, seenWords, stateWords } from "./saying";

/** Messages, the newest first: by state, and by the beginning of the address. */
export function MessageList() {
  const search = useSearch({ from: "/app/outbox/messages/sent" });
  const navigate = useNavigate();
  const [email, setEmail] = useState("");
  const look = (state: MessageState | undefined) =>
    void navigate({ to: "/messages/sent", search: { ...search, state }, replace: true });
  return (
    <>
      <Group gap="sm">
        <Search value={email} onChange={setEmail} placeholder="Address begins with" />
        <Select
          aria-label="State"
          placeholder="Every state"
          data={STATES.map(([value, label]) => ({ value, label }))}
          value={search.state ?? null}
          onChange={(value) => look((value ?? undefined) as MessageState | undefined)}
          clearable
          w={180}
        />
        {(search.broadcast ?? search.template) !== undefined && (
          <Button
            variant="default"
            rightSection={<IconX size={14} />}
            onClick={() => void navigate({ to: "/messages/sent", search: { state: search.state } })}
          >
            Only of {search.broadcast === undefined ? "one template" : "one broadcast"}
          </Button>
        )}
      </Group>
      <Found wanted={{ ...search, email: email.trim() }} />
    </>
  );
}

function Found({ wanted }: { wanted: WantedMessages }) {
  const messages = useMessages(wanted);
  const all = messages.data?.pages.flat();
  if (messages.error && !all) return <Failure error={messages.error} again={() => void messages.refetch()} />;
  if (!all) return <Bars rows={8} />;
  if (all.length === 0) return <Nothing isFiltered={Object.values(wanted).some(Boolean)} />;
  return (
    <>
      <MessageTable messages={all} />
      {messages.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={messages.isFetchingNextPage} onClick={() => void messages.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
    </>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <Empty icon={IconSearchOff} title="No messages match" />;
  return (
    <Empty icon={IconMailFast} title="No messages yet">
      Start a broadcast, or send one with <span className="mono">POST /api/v1/messages</span>. Each mail then has its
      page here: what was sent, and what became of it.
    </Empty>
  );
}

const HEADS = [
  { name: "To" },
  { name: "State" },
  { name: "Since", wide: true },
  { name: "From", wide: true },
  { name: "Queued", right: true, wide: true },
];

function MessageTable({ messages }: { messages: MessageRow[] }) {
  return (
    <Panel flush>
      <Rows caption="Messages" heads={HEADS}>
        {messages.map((message) => (
          <tr key={message.id}>
            <Cell>
              <NameCell
                to={`/messages/${message.id}`}
                name={message.email || "No address"}
                note={message.subject || message.template_name || "Not rendered yet"}
              />
            </Cell>
            <Cell>
              <State state={message.state} words={stateWords(message.state)} />
            </Cell>
            <Cell wide dim>
              {seenWords(message) || "–"}
            </Cell>
            <Cell wide dim>
              {message.broadcast_name ?? message.template_name ?? originWords(message.origin)}
            </Cell>
            <Cell right wide dim>
              <When at={message.queued_at} />
            </Cell>
          </tr>
        ))}
      </Rows>
    </Panel>
  );
}
