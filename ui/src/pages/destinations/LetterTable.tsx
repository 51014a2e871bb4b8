import { useSources } from "@/api/sources";
import type { DeadLetter } from "@/api/types";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { eventTitle } from "../sources/eventTitle";

const HEADS = [
  { name: "Event" },
  { name: "Reason" },
  { name: "Source", wide: true },
  { name: "Attempts", right: true, wide: true },
  { name: "Failed", wide: true },
];

interface LetterTableProps {
  letters: DeadLetter[];
  onChoose: (letter: DeadLetter) => void;
}

export function LetterTable({ letters, onChoose }: LetterTableProps) {
  const sources = useSources();
  const nameOf = (id: string) => sources.data?.find((source) => source.id === id || source.schema === id)?.name ?? id;
  return (
    <Rows caption="Dead letters" heads={HEADS}>
      {letters.map((letter) => (
        <tr key={letter.id}>
          <Cell>
            <button type="button" className="row-button" data-row onClick={() => onChoose(letter)}>
              {nameOfLetter(letter)}
            </button>
          </Cell>
          <Cell dim>{letter.reason}</Cell>
          <Cell wide dim>
            {nameOf(letter.source)}
          </Cell>
          <Cell right wide>
            {letter.attempts}
          </Cell>
          <Cell wide dim>
            <When at={letter.failed_at} />
          </Cell>
        </tr>
      ))}
    </Rows>
  );
}

/** What the dead event was called. */
export function nameOfLetter({ event }: DeadLetter): string {
  if (typeof event !== "object" || event === null || Array.isArray(event)) return "Event";
  const name = typeof event.event === "string" ? event.event : "";
  return eventTitle({ type: typeof event.type === "string" ? event.type : "Event", event: name });
}
