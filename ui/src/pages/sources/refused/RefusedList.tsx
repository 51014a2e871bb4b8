import { memo, useEffect, useRef } from "react";
import type { Rejection } from "@/api/types";
import { StatePill } from "@/components/State";
import { When } from "@/components/When";
import classes from "../panes/Panes.module.css";
import { titleOf } from "./refused";

interface RefusedListProps {
  rejections: Rejection[];
  chosen: number | undefined;
  onChoose: (id: number) => void;
}

export function RefusedList({ rejections, chosen, onChoose }: RefusedListProps) {
  return (
    <ul className={classes.rows} aria-label="Refused events, newest first">
      {rejections.map((rejection) => (
        <Row key={rejection.id} rejection={rejection} isChosen={rejection.id === chosen} onChoose={onChoose} />
      ))}
    </ul>
  );
}

interface RowProps {
  rejection: Rejection;
  isChosen: boolean;
  onChoose: (id: number) => void;
}

const Row = memo(function Row({ rejection, isChosen, onChoose }: RowProps) {
  const isResent = rejection.resent_at !== null;
  const box = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isChosen) box.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  return (
    <li>
      <button
        ref={box}
        type="button"
        className={classes.row}
        aria-pressed={isChosen}
        data-status={isResent ? undefined : "rejected"}
        onClick={() => onChoose(rejection.id)}
      >
        <span className={classes.what}>
          <span className="truncate">{titleOf(rejection)}</span>
          <span className={classes.who}>{rejection.reason}</span>
        </span>
        {isResent && <StatePill state="resent" />}
        <span className={classes.end}>
          <span className={classes.time}>
            <When at={rejection.received_at} />
          </span>
          <span className={`${classes.code} mono`}>{rejection.code}</span>
        </span>
      </button>
    </li>
  );
});
