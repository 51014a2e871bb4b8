import { Button, Group, Modal, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Refusal } from "@/api/client";
import { useSuggestions } from "@/api/segments";
import type { NewSegment, Segment, SegmentGroup } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { SettingRow } from "@/components/SettingRow";
import classes from "./Builder.module.css";
import { lackOf } from "./conditions";
import { GroupCard } from "./GroupCard";
import { LiveCount } from "./LiveCount";
import { conditionsOf, fromDefinition, keyAt, toDefinition } from "./tree";

const NOTHING: SegmentGroup = { type: "group", match: "all", of: [] };

interface EditorProps {
  /** What is edited; null for a new one. */
  segment: Segment | null;
  verb: string;
  busy: boolean;
  error: Error | null;
  /** `saved` is to be called when it is on the server: then one may leave. */
  onSave: (body: NewSegment, saved: () => void) => void;
}

/** The builder: the name, the conditions, and beside them who that is. */
export function SegmentEditor({ segment, verb, busy, error, onSave }: EditorProps) {
  const known = useSuggestions();
  const [name, setName] = useState(segment?.name ?? "");
  const [streams, setStreams] = useState(segment?.streams ?? false);
  const [root, setRoot] = useState(() => fromDefinition(segment?.definition ?? NOTHING));
  const [start, setStart] = useState(() => stateOf(name, streams, toDefinition(root)));
  const [marked, setMarked] = useState(false);

  const definition = toDefinition(root);
  const parts = conditionsOf(root);
  const isWhole = parts.length > 0 && parts.every((one) => lackOf(one.condition) === null);
  const isChanged = stateOf(name, streams, definition) !== start;
  const refused = error instanceof Refusal ? error : null;
  const faultKey = refused && keyAt(root, refused.where);
  const others = known.data && {
    ...known.data,
    segments: known.data.segments.filter((one) => one.id !== segment?.number),
  };

  function submit(event: FormEvent): void {
    event.preventDefault();
    setMarked(true);
    if (!isWhole || name.trim() === "") return;
    onSave({ name: name.trim(), definition, streams }, () => setStart(stateOf(name, streams, definition)));
  }

  return (
    <form onSubmit={submit} noValidate>
      <div className={classes.layout}>
        <Stack gap="lg">
          <Panel>
            <TextInput
              label="Name"
              placeholder="Customers who ordered lately"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={200}
              error={nameFault(name, marked, refused)}
              data-autofocus
            />
            <GroupCard
              group={root}
              editing={{
                root,
                known: others,
                marked,
                fault: faultKey && refused ? { key: faultKey, words: refused.message } : null,
                onChange: setRoot,
              }}
            />
            {marked && parts.length === 0 && <p className={classes.fault}>Add at least one condition.</p>}
          </Panel>
          <Panel>
            <SettingRow
              name="Send entered and left as events"
              words="Your AutopilotHQ sources get an event when somebody enters or leaves. Their timeline shows it either way."
            >
              <Switch
                aria-label="Send entered and left as events"
                checked={streams}
                onChange={(event) => setStreams(event.currentTarget.checked)}
              />
            </SettingRow>
          </Panel>
          <FormFailure error={refused && (faultKey || refused.where === "name") ? null : error} />
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {segment && isChanged
                ? "Saving counts all contacts again. Nobody is told to have entered or left by it."
                : ""}
            </Text>
            <Button type="submit" loading={busy} disabled={!isChanged}>
              {verb}
            </Button>
          </Group>
        </Stack>
        <div className={classes.side}>
          <LiveCount definition={isWhole ? definition : null} isEmpty={parts.length === 0} />
        </div>
      </div>
      <Guard isChanged={isChanged && !busy} />
    </form>
  );
}

const stateOf = (name: string, streams: boolean, definition: SegmentGroup): string =>
  JSON.stringify([name.trim(), streams, definition]);

function nameFault(name: string, marked: boolean, refused: Refusal | null): string | null {
  if (marked && name.trim() === "") return "Give it a name.";
  return refused?.where === "name" ? refused.message : null;
}

/** Asks before changes are lost. */
function Guard({ isChanged }: { isChanged: boolean }) {
  const blocker = useBlocker({ shouldBlockFn: () => isChanged, enableBeforeUnload: isChanged, withResolver: true });
  return (
    <Modal opened={blocker.status === "blocked"} onClose={() => blocker.reset?.()} title="Leave without saving?">
      <Stack gap="md">
        <Text size="sm">What you changed in this segment is lost when you leave.</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
            Stay
          </Button>
          <Button color="red" onClick={() => blocker.proceed?.()}>
            Leave
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
