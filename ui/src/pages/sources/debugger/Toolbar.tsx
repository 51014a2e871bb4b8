import { Button, Chip, Group } from "@mantine/core";
import { IconClearAll, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import type { Dispatch } from "react";
import type { ArrivalStatus } from "@/api/types";
import { count } from "@/components/format";
import { LiveMark } from "@/components/LiveMark";
import { Search } from "@/components/Search";
import { wordsOf } from "@/components/State";
import type { StreamState } from "@/live/stream";
import type { Held, Move } from "./arrivals";
import classes from "./Debugger.module.css";
import type { Wanted } from "./filter";

const TYPES = ["track", "identify", "page", "screen", "group", "alias"];
const STATUSES: ArrivalStatus[] = ["accepted", "duplicate", "rejected"];

interface ToolbarProps {
  wanted: Wanted;
  onWanted: (wanted: Wanted) => void;
  held: Held;
  move: Dispatch<Move>;
  stream: StreamState;
}

export function Toolbar({ wanted, onWanted, held, move, stream }: ToolbarProps) {
  return (
    <div className={classes.toolbar}>
      <Search
        value={wanted.text}
        onChange={(text) => onWanted({ ...wanted, text })}
        placeholder="Search all fields"
        width={360}
      />
      <Group gap="sm" wrap="nowrap" className={classes.controls}>
        {held.skipped > 0 && (
          <span className={classes.skipped} title="They came too quickly to be shown; the warehouse has them.">
            {count(held.skipped)} not shown
          </span>
        )}
        <LiveMark state={stream} paused={held.isPaused} />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconClearAll size={15} />}
          onClick={() => move({ do: "clear" })}
          disabled={held.events.length === 0}
        >
          Clear
        </Button>
        {held.isPaused ? (
          <Button size="xs" leftSection={<IconPlayerPlay size={15} />} onClick={() => move({ do: "go live" })}>
            Go live{held.missed > 0 && ` · ${count(held.missed)} new`}
          </Button>
        ) : (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerPause size={15} />}
            onClick={() => move({ do: "pause" })}
          >
            Pause
          </Button>
        )}
      </Group>
      <div className={classes.filters}>
        <Chips name="Type" all={TYPES} chosen={wanted.types} onChange={(types) => onWanted({ ...wanted, types })} />
        <span className={classes.rule} aria-hidden="true" />
        <Chips
          name="Status"
          all={STATUSES}
          words={wordsOf}
          chosen={wanted.statuses}
          onChange={(statuses) => onWanted({ ...wanted, statuses: statuses as ArrivalStatus[] })}
        />
      </div>
    </div>
  );
}

interface ChipsProps {
  name: string;
  all: string[];
  words?: (value: string) => string;
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

function Chips({ name, all, words = (value) => value, chosen, onChange }: ChipsProps) {
  return (
    <Chip.Group multiple value={chosen} onChange={onChange}>
      <Group gap={4} role="group" aria-label={name}>
        {all.map((value) => (
          <Chip key={value} value={value} size="xs" radius="sm" variant="light">
            {words(value)}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}
