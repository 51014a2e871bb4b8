import { Button, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea } from "@mantine/core";
import { IconMailOff, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useSuppress, useSuppressions, useUnsuppress } from "@/api/suppressions";
import { useTopics } from "@/api/templates";
import type { Suppression } from "@/api/types";
import { Bars } from "@/components/Ask";
import { Breakable } from "@/components/Breakable";
import { Confirm } from "@/components/Confirm";
import { Empty } from "@/components/Empty";
import { Failure, FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { Search } from "@/components/Search";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { addressWords } from "./saying";

const REASONS: Record<Suppression["reason"], string> = {
  unsubscribed: "Unsubscribed",
  hard_bounce: "Hard bounce",
  complaint: "Marked as spam",
  repeated_soft: "Bounced again and again",
  manual: "By hand",
  imported: "Imported",
  erased: "Erased contact",
};

/** "Unsubscribed", "Unsubscribed, from Product news". */
function reasonWords({ reason, scope }: Suppression, topics: Map<string, string>): string {
  return scope === "all" ? REASONS[reason] : `${REASONS[reason]}, from ${topics.get(scope) ?? `topic ${scope}`}`;
}

/** Whom not to write to, and why. */
export function SuppressionsPage() {
  const [search, setSearch] = useState("");
  const [reason, setReason] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const found = useSuppressions(search.trim(), reason ?? "");
  return (
    <>
      <Group gap="sm">
        <Search value={search} onChange={setSearch} placeholder="Address begins with" />
        <Select
          aria-label="Reason"
          placeholder="Every reason"
          data={Object.entries(REASONS).map(([value, label]) => ({ value, label }))}
          value={reason}
          onChange={setReason}
          clearable
          w={210}
        />
        <Button ml="auto" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          Add addresses
        </Button>
      </Group>
      <Found found={found} isFiltered={search !== "" || reason !== null} />
      <AddModal opened={adding} onClose={() => setAdding(false)} />
    </>
  );
}

function Found({ found, isFiltered }: { found: ReturnType<typeof useSuppressions>; isFiltered: boolean }) {
  const all = found.data?.pages.flat();
  if (!all) return found.error ? <Failure error={found.error} again={() => void found.refetch()} /> : <Bars rows={6} />;
  if (all.length === 0) return <Nobody isFiltered={isFiltered} />;
  return (
    <>
      <Table rows={all} />
      {found.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
    </>
  );
}

function Nobody({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <Empty icon={IconSearchOff} title="No address matches" />;
  return (
    <Empty icon={IconMailOff} title="Nobody is suppressed">
      Who unsubscribes, complains, or whose address bounces for good is put here by itself.
    </Empty>
  );
}

const HEADS = [
  { name: "Address" },
  { name: "Reason", wide: true },
  { name: "Evidence", wide: true },
  { name: "Since", right: true, wide: true },
  { name: "", right: true },
];

function Table({ rows }: { rows: Suppression[] }) {
  const [chosen, setChosen] = useState<Suppression | null>(null);
  const remove = useUnsuppress();
  const topics = useTopics();
  const names = new Map(topics.data?.map(({ id, name }) => [String(id), name]));
  return (
    <Panel flush>
      <Rows caption="Suppressed addresses" heads={HEADS}>
        {rows.map((row) => (
          <tr key={`${row.address} ${row.scope} ${row.reason}`}>
            <Cell>
              <span style={{ overflowWrap: "anywhere" }}>
                <Breakable text={addressWords(row.address)} />
              </span>
              <Text size="xs" c="dimmed" hiddenFrom="sm">
                {reasonWords(row, names)}
              </Text>
            </Cell>
            <Cell wide>{reasonWords(row, names)}</Cell>
            <Cell wide dim>
              <span style={{ overflowWrap: "anywhere" }}>{row.evidence || "–"}</span>
            </Cell>
            <Cell right wide dim>
              <When at={row.since} />
            </Cell>
            <Cell right>
              {row.reason !== "erased" && (
                <Button
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  aria-label={`Remove ${row.address}`}
                  onClick={() => setChosen(row)}
                >
                  Remove
                </Button>
              )}
            </Cell>
          </tr>
        ))}
      </Rows>
      <Confirm
        opened={chosen !== null}
        onClose={() => setChosen(null)}
        title="Write to this address again?"
        verb="Remove from the list"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => chosen && remove.mutate(chosen, { onSuccess: () => setChosen(null) })}
      >
        {chosen?.address} can then get mail again, unless it stands on the list for another reason. It is noted on the
        contact’s timeline, with your name.
      </Confirm>
    </Panel>
  );
}

function AddModal({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [text, setText] = useState("");
  const [reason, setReason] = useState<"manual" | "imported">("manual");
  const add = useSuppress();
  const addresses = text.split(/[\s,;]+/).filter((word) => word !== "");
  function submit(event: FormEvent): void {
    event.preventDefault();
    add.mutate({ addresses, reason }, { onSuccess: onClose });
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Suppress addresses"
      onExitTransitionEnd={() => [setText(""), add.reset()]}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Textarea
            label="Addresses"
            description="One a line. It holds from now on, for broadcasts that are running too."
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autosize
            minRows={4}
            maxRows={12}
            data-autofocus
          />
          <Stack gap={6}>
            <SegmentedControl
              aria-label="What they get no more"
              value={reason}
              onChange={(value) => setReason(value as "manual" | "imported")}
              data={[
                { value: "manual", label: "No mail at all" },
                { value: "imported", label: "No marketing" },
              ]}
            />
            <Text size="xs" c="dimmed">
              {reason === "manual"
                ? "Neither marketing nor transactional mail."
                : "As with a list of unsubscribed people from elsewhere: receipts and passwords still go to them."}
            </Text>
          </Stack>
          <FormFailure error={add.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending} disabled={addresses.length === 0}>
              Suppress
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
