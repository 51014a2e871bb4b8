import { Button, Drawer, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconMailOff, IconSend, IconTrash } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useDeadLetters, useDestination, useDiscard, useSendAgain } from "@/api/destinations";
import type { DeadLetter } from "@/api/types";
import { Bars } from "@/components/Ask";
import { Code, JsonCode } from "@/components/Code";
import { Confirm } from "@/components/Confirm";
import { Empty } from "@/components/Empty";
import { Failure, FormFailure } from "@/components/Failure";
import { plural } from "@/components/format";
import { Panel } from "@/components/Page";
import { LetterTable, nameOfLetter } from "./LetterTable";
import { laidOut } from "./laidOut";

/** What could not be delivered for good; kept with its reason until it is sent again or discarded. */
export function DeadLettersPage() {
  const { id } = useParams({ from: "/app/destinations/$id/dead-letters" });
  const letters = useDeadLetters(id);
  const [chosen, setChosen] = useState<DeadLetter | null>(null);
  const all = letters.data?.pages.flat();
  if (letters.error && !all) return <Failure error={letters.error} again={() => void letters.refetch()} />;
  if (!all) return <Bars />;
  if (all.length === 0) {
    return (
      <Empty icon={IconMailOff} title="No dead letters">
        An event that can’t be delivered, after hours of retries or because it was refused for good, is kept here with
        its reason, and can be sent again.
      </Empty>
    );
  }
  return (
    <>
      <Panel
        flush
        title="Dead letters"
        lead="Kept until you send them again or discard them."
        beside={<AllOfThem id={id} />}
      >
        <LetterTable letters={all} onChoose={setChosen} />
      </Panel>
      {letters.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={letters.isFetchingNextPage} onClick={() => void letters.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
      <LetterDrawer id={id} letter={chosen} onClose={() => setChosen(null)} />
    </>
  );
}

function AllOfThem({ id }: { id: string }) {
  const dead = useDestination(id).data?.dead ?? 0;
  const again = useSendAgain(id);
  const discard = useDiscard(id);
  const [asking, setAsking] = useState(false);
  return (
    <Group gap="xs">
      <Button
        size="xs"
        leftSection={<IconSend size={15} />}
        loading={again.isPending}
        onClick={() =>
          again.mutate(null, {
            onSuccess: () => notifications.show({ color: "teal", message: "All are on their way again." }),
          })
        }
      >
        Send all again
      </Button>
      <Button size="xs" variant="default" leftSection={<IconTrash size={15} />} onClick={() => setAsking(true)}>
        Discard all…
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title="Discard all dead letters?"
        verb="Discard all"
        busy={discard.isPending}
        error={discard.error}
        onConfirm={() => discard.mutate(null, { onSuccess: () => setAsking(false) })}
      >
        {plural(dead, "event")} will never reach this destination. The warehouse has them nevertheless.
      </Confirm>
    </Group>
  );
}

interface LetterDrawerProps {
  id: string;
  letter: DeadLetter | null;
  onClose: () => void;
}

function LetterDrawer({ id, letter, onClose }: LetterDrawerProps) {
  const again = useSendAgain(id);
  const discard = useDiscard(id);
  return (
    <Drawer
      opened={letter !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={letter && nameOfLetter(letter)}
    >
      {letter && (
        <Stack gap="md">
          <Text size="sm" c="var(--sw-bad)">
            {letter.reason}
          </Text>
          <Group gap="xs">
            <Button
              leftSection={<IconSend size={16} />}
              loading={again.isPending}
              onClick={() => again.mutate([letter.id], { onSuccess: onClose })}
            >
              Send again
            </Button>
            <Button
              variant="default"
              leftSection={<IconTrash size={16} />}
              loading={discard.isPending}
              onClick={() => discard.mutate([letter.id], { onSuccess: onClose })}
            >
              Discard
            </Button>
          </Group>
          <FormFailure error={again.error ?? discard.error} />
          <Titled name="Event">
            <JsonCode value={letter.event} what="event" maxHeight={420} />
          </Titled>
          {letter.response && (
            <Titled name="Last response">
              <Code code={laidOut(letter.response)} language="json" maxHeight={300} />
            </Titled>
          )}
        </Stack>
      )}
    </Drawer>
  );
}

function Titled({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text size="sm" fw={560} mb={4}>
        {name}
      </Text>
      {children}
    </div>
  );
}
