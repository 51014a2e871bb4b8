import { Button, Drawer, Group, Stack, Text, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type Asked, csvOf, type ReportKind, useBehind, useMakeList } from "@/api/reports";
import type { Report, ReportContact } from "@/api/types";
import { Bars } from "@/components/Ask";
import { Failure, FormFailure } from "@/components/Failure";
import { count, plural } from "@/components/format";
import classes from "./BehindDrawer.module.css";
import { nameOf } from "./figures";

interface About {
  kind: ReportKind;
  id: string;
}

interface BehindDrawerProps extends About {
  /** The number that was opened; null for none. */
  asked: Asked | null;
  report: Report;
  onClose: () => void;
}

/** Who stands behind a number: as many as it says. */
export function BehindDrawer({ kind, id, asked, report, onClose }: BehindDrawerProps) {
  return (
    <Drawer opened={asked !== null} onClose={onClose} position="right" title={asked && titleOf(asked, report)}>
      {asked && <Behind kind={kind} id={id} asked={asked} number={numberOf(asked, report)} />}
    </Drawer>
  );
}

const numberOf = ({ what, link }: Asked, report: Report): number =>
  link ? (report.clicks.find((one) => one.link_id === link)?.people ?? 0) : (report.figures[what] ?? 0);

const titleOf = (asked: Asked, report: Report): string =>
  `${asked.link ? "Who clicked this link" : nameOf(asked.what)}: ${count(numberOf(asked, report))}`;

function Behind({ kind, id, asked, number }: About & { asked: Asked; number: number }) {
  const found = useBehind(kind, id, asked, number);
  const all = found.data?.pages.flat();
  if (!all) {
    return found.error ? <Failure error={found.error} again={() => void found.refetch()} /> : <Bars />;
  }
  if (all.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nobody.
      </Text>
    );
  }
  return (
    <Stack gap="lg">
      <ul className={classes.rows}>
        {all.map((one) => (
          <Row key={one.message_id} one={one} />
        ))}
      </ul>
      {found.hasNextPage && (
        <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          Show more
        </Button>
      )}
      <IntoList kind={kind} id={id} asked={asked} />
    </Stack>
  );
}

function Row({ one }: { one: ReportContact }) {
  return (
    <li className={classes.row}>
      {one.id ? (
        <Link to="/contacts/$id" params={{ id: one.id }} className={`link ${classes.who}`}>
          {one.email || one.id}
        </Link>
      ) : (
        <span className={classes.who}>{one.email || "An erased contact"}</span>
      )}
      <Link
        to="/messages/$id"
        params={{ id: String(one.message_id) }}
        className={classes.mail}
        aria-label={`The message to ${one.email || "an erased contact"}`}
      >
        Message
      </Link>
    </li>
  );
}

function IntoList({ kind, id, asked }: About & { asked: Asked }) {
  const [name, setName] = useState("");
  const make = useMakeList(kind, id, asked);
  function submit(event: FormEvent): void {
    event.preventDefault();
    make.mutate(name.trim());
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <TextInput
            label="Make a list of them"
            placeholder="Name of the list"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            style={{ flex: 1 }}
          />
          <Button type="submit" variant="default" disabled={name.trim() === ""} loading={make.isPending}>
            Make list
          </Button>
        </Group>
        <FormFailure error={make.error} />
        {make.data && (
          <Text size="sm" role="status">
            <Link to="/contacts" search={{ list: `list_${make.data.id}` }} className="link">
              The list
            </Link>{" "}
            has {plural(make.data.count, "contact")}.
          </Text>
        )}
        <a href={csvOf(kind, id, asked)} download className="link">
          Download them as CSV
        </a>
      </Stack>
    </form>
  );
}
