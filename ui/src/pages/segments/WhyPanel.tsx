import { Button, Group, TextInput } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useSegmentWhy } from "@/api/segments";
import type { SegmentWhy } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Panel } from "@/components/Page";
import classes from "./Why.module.css";

/** Why a contact is in it, or not: each condition with its answer. */
export function WhyPanel({ id, asked }: { id: string; asked: string }) {
  const [text, setText] = useState(asked);
  const [contact, setContact] = useState(asked);
  const why = useSegmentWhy(id, contact);
  function submit(event: FormEvent): void {
    event.preventDefault();
    setContact(text.trim());
  }
  return (
    <Panel title="Why, or why not?" lead="Pick somebody from the list, or find them by address or ID.">
      <form onSubmit={submit}>
        <Group gap="xs" wrap="nowrap">
          <TextInput
            aria-label="Contact"
            placeholder="ada@example.com"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            style={{ flex: 1 }}
          />
          <Button type="submit" variant="default" disabled={text.trim() === ""}>
            Look
          </Button>
        </Group>
      </form>
      {contact !== "" && <Ask query={why}>{(data) => <Parts why={data} />}</Ask>}
    </Panel>
  );
}

function Parts({ why }: { why: SegmentWhy }) {
  const answer = useRef<HTMLDivElement>(null);
  const [whole, ...parts] = why.parts;
  // On a phone it stands under the list in which one asked.
  useEffect(() => answer.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <div ref={answer}>
      <p className={classes.verdict} data-holds={whole?.holds || undefined}>
        {whole?.holds ? "They match." : "They do not match."}
        {whole && whole.holds !== why.is_member && " The list of members follows in a moment."}
      </p>
      <ul className={classes.parts}>
        {parts.map((part) => (
          <li key={part.path} style={{ paddingLeft: (part.depth - 1) * 20 }} data-holds={part.holds || undefined}>
            {part.holds ? <IconCircleCheck size={17} aria-label="Yes:" /> : <IconCircleX size={17} aria-label="No:" />}
            <span>{part.sentence}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
