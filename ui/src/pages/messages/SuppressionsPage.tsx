import { Button, Group, Modal, Select, Stack, Textarea } from "@mantine/core";
import { IconMailOff, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useSuppress, useSuppressions, useUnsuppress } from "@/api/suppressions";
import type { Suppression } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Confirm } from "@/components/Confirm";
import { Empty } from "@/components/Empty";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { Search } from "@/components/Search";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";

const REASONS: Record<Suppression["reason"], string> = {
  unsubscribed: "Unsubscribed",
  hard_bounce: "Hard bounce",
  complaint: "Marked as spam",
  repeated_soft: "Bounced again and again",
  manual: "By hand",
  imported: "Imported",
  erased: "Erased contact",
};

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
      <Ask query={found}>
        {(all) => (all.length === 0 ? <Nobody isFiltered={search !== "" || reason !== null} /> : <Table rows={all} />)}
      </Ask>
      <AddModal opened={adding} onClose={() => setAdding(false)} />
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
  { name: "Reason" },
  { name: "Evidence", wide: true },
  { name: "Since", right: true, wide: true },
  { name: "", right: true },
];

function Table({ rows }: { rows: Suppression[] }) {
  const [chosen, setChosen] = useState<Suppression | null>(null);
  const remove = useUnsuppress();
  return (
    <Panel flush>
      <Rows caption="Suppressed addresses" heads={HEADS}>
        {rows.map((row) => (
          <tr key={`${row.address} ${row.scope} ${row.reason}`}>
            <Cell>
              <span style={{ overflowWrap: "anywhere" }}>{row.address}</span>
            </Cell>
            <Cell>
              {REASONS[row.reason]}
              {row.scope !== "all" && `, topic ${row.scope}`}
            </Cell>
            <Cell wide dim>
              {row.evidence || "–"}
            </Cell>
            <Cell right wide dim>
              <When at={row.since} />
            </Cell>
            <Cell right>
              {row.reason !== "erased" && (
                <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setChosen(row)}>
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
        verb="Remove"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => chosen && remove.mutate(chosen, { onSuccess: () => setChosen(null) })}
      >
        {chosen?.address} can then get mail again, unless it stands on the list for another reason. It is noted on the
        contact’s timeline.
      </Confirm>
    </Panel>
  );
}

function AddModal({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [text, setText] = useState("");
  const add = useSuppress();
  const addresses = text.split(/[\s,;]+/).filter((word) => word !== "");
  function submit(event: FormEvent): void {
    event.preventDefault();
    const reason = addresses.length > 1 ? "imported" : "manual";
    add.mutate({ addresses, reason }, { onSuccess: onClose });
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Suppress addresses" onExitTransitionEnd={() => setText("")}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Textarea
            label="Addresses"
            description="One a line. They get no marketing mail from now on, also from broadcasts that are running."
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autosize
            minRows={4}
            maxRows={12}
            data-autofocus
          />
          <FormFailure error={add.error} />
          <Group justify="flex-end">
            <Button type="submit" loading={add.isPending} disabled={addresses.length === 0}>
              Suppress
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
