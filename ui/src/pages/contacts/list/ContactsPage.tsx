import { ActionIcon, Button, Group, Text, Tooltip } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconDownload, IconUserSearch, IconUsers } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { searchText, useContactCount, useContacts } from "@/api/contacts";
import { Bars } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { count, plural } from "@/components/format";
import { Panel } from "@/components/Page";
import { Search } from "@/components/Search";
import { ContactsFrame, WaysIn } from "../ContactsFrame";
import { BulkBar } from "./BulkBar";
import { ChooseColumns } from "./Choose";
import classes from "./Contacts.module.css";
import { ContactTable } from "./ContactTable";
import { useColumns } from "./columns";
import { saidCount } from "./counted";
import { Conditions, Filters } from "./Filters";
import { isNarrowed, type Look, searchOf } from "./look";

export function ContactsPage() {
  const look = useSearch({ from: "/app/contacts" });
  const navigate = useNavigate();
  const change = (changed: Partial<Look>) =>
    void navigate({
      to: "/contacts",
      search: (before) => Object.fromEntries(Object.entries({ ...before, ...changed }).filter(([, value]) => value)),
      replace: true,
    });
  const [columns, setColumns] = useColumns();
  return (
    <ContactsFrame>
      <div className={classes.bar}>
        <SearchBox text={look.q ?? ""} onChange={(q) => change({ q: q || undefined })} />
        <Filters look={look} onChange={change} />
        <Group gap={8} ml="auto">
          <ExportButton look={look} />
          <ChooseColumns chosen={columns} onChange={setColumns} />
        </Group>
      </div>
      <Conditions look={look} onChange={change} />
      <Found look={look} columns={columns} />
    </ContactsFrame>
  );
}

function SearchBox({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  const tell = useDebouncedCallback(onChange, 250);
  return (
    <Search
      value={typed}
      onChange={(value) => {
        setTyped(value);
        tell(value.trim());
      }}
      placeholder="Search email, name or ID"
    />
  );
}

const exportAddress = (look: Look): string => `/api/v1/contacts/export${searchText(searchOf(look))}`;

function ExportButton({ look }: { look: Look }) {
  return (
    <Tooltip label={isNarrowed(look) ? "Export these as CSV" : "Export all as CSV"}>
      <ActionIcon variant="default" size={34} component="a" href={exportAddress(look)} aria-label="Export as CSV">
        <IconDownload size={17} />
      </ActionIcon>
    </Tooltip>
  );
}

function Found({ look, columns }: { look: Look; columns: string[] }) {
  const search = searchOf(look);
  const found = useContacts(search);
  const total = useContactCount(search);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const asked = JSON.stringify(look);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was chosen belongs to what is asked
  useEffect(() => {
    setIds(new Set());
    setAll(false);
  }, [asked]);
  const rows = found.data?.pages.flatMap((page) => page.contacts);
  if (found.error && !rows) return <Failure error={found.error} again={() => void found.refetch()} />;
  if (!rows) return <Bars rows={8} height={52} />;
  if (rows.length === 0 && !found.hasNextPage) return <Nobody look={look} />;
  const clear = () => {
    setIds(new Set());
    setAll(false);
  };
  const isWhole = ids.size === rows.length && (found.hasNextPage ?? false);
  return (
    <>
      {(ids.size > 0 || all) && (
        <BulkBar
          chosen={!all ? { ids: [...ids] } : isNarrowed(look) ? { search } : { everybody: true }}
          words={all && total.data ? `${saidCount(total.data)} chosen` : `${plural(ids.size, "contact")} chosen`}
          search={search}
          exportTo={exportAddress(look)}
          more={
            !all && isWhole && total.data
              ? { words: `Choose all: ${saidCount(total.data).toLowerCase()}`, take: () => setAll(true) }
              : undefined
          }
          onClear={clear}
        />
      )}
      <div className={found.isPlaceholderData ? classes.stale : undefined}>
        <Panel flush>
          <ContactTable
            contacts={rows}
            columns={columns}
            chosen={all ? new Set(rows.map(({ id }) => id)) : ids}
            onChoose={(chosen) => {
              setAll(false);
              setIds(chosen);
            }}
          />
        </Panel>
      </div>
      <Group justify="space-between">
        <Text size="sm" c="dimmed" className="tabular" aria-live="polite">
          {total.data && `${count(rows.length)} of ${saidCount(total.data).toLowerCase()}`}
        </Text>
        {found.hasNextPage && (
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Show more
          </Button>
        )}
      </Group>
    </>
  );
}

function Nobody({ look }: { look: Look }) {
  if (isNarrowed(look)) {
    return (
      <Empty
        icon={IconUserSearch}
        title="No contact matches"
        action={
          <Button variant="default" component={Link} to="/contacts">
            Show everybody
          </Button>
        }
      >
        An address, a user ID and a name are found by how they begin.
      </Empty>
    );
  }
  return (
    <Empty
      icon={IconUsers}
      title="No contacts yet"
      action={
        <Group gap="xs" justify="center">
          <WaysIn />
        </Group>
      }
    >
      They come by themselves once a{" "}
      <Link className="link" to="/sources">
        source
      </Link>{" "}
      is connected to the AutopilotHQ destination: each identify call makes or changes one. Or bring the people you know
      already in a CSV file.
    </Empty>
  );
}
