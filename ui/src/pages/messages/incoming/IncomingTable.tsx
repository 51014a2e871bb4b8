import { Text, UnstyledButton } from "@mantine/core";
import type { IncomingMail } from "@/api/incoming";
import { Breakable } from "@/components/Breakable";
import { Dot } from "@/components/State";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { OUTCOMES, saidIn } from "./outcomes";

const HEADS = [
  { name: "Found to be", width: 170 },
  { name: "Mail" },
  { name: "From", wide: true },
  { name: "Came", right: true, wide: true },
];

export function IncomingTable({ mails, onChoose }: { mails: IncomingMail[]; onChoose: (mail: IncomingMail) => void }) {
  return (
    <Rows caption="Incoming mail" heads={HEADS}>
      {mails.map((mail) => (
        <IncomingRow key={mail.id} mail={mail} onChoose={onChoose} />
      ))}
    </Rows>
  );
}

function IncomingRow({ mail, onChoose }: { mail: IncomingMail; onChoose: (mail: IncomingMail) => void }) {
  const said = saidIn(mail);
  return (
    <tr>
      <Cell>
        <Found mail={mail} />
      </Cell>
      <Cell>
        <UnstyledButton
          data-row
          onClick={() => onChoose(mail)}
          style={{ display: "block", width: "100%", minWidth: 0 }}
        >
          <Text size="sm" fw={550} lineClamp={1} style={{ overflowWrap: "anywhere" }}>
            {mail.subject || "No subject"}
          </Text>
          {said && (
            <Text size="xs" c="dimmed" lineClamp={1} style={{ overflowWrap: "anywhere" }}>
              {said}
            </Text>
          )}
        </UnstyledButton>
      </Cell>
      <Cell wide dim>
        <span style={{ overflowWrap: "anywhere" }}>
          <Breakable text={mail.sender || "–"} />
        </span>
      </Cell>
      <Cell right wide dim>
        <When at={mail.at} />
      </Cell>
    </tr>
  );
}

/** What it is, and of a bounce whether the address is dead. */
export function Found({ mail }: { mail: IncomingMail }) {
  const { words, tone } = OUTCOMES[mail.outcome];
  return (
    <span style={{ display: "inline-flex", alignItems: "center", gap: 8, whiteSpace: "nowrap" }}>
      <Dot tone={mail.outcome === "bounce" && mail.bounce_class !== "hard" ? "warn" : tone} />
      {words}
      {mail.outcome === "bounce" && mail.bounce_class && (
        <Text span size="xs" c="dimmed">
          {mail.bounce_class}
        </Text>
      )}
    </span>
  );
}
