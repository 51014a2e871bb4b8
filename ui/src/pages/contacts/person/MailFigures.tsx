import type { Contact } from "@/api/types";
import { count } from "@/components/format";
import { Panel } from "@/components/Page";
import classes from "./Person.module.css";

const FIGURES: [name: string, words: string][] = [
  ["sent", "Sent"],
  ["delivered", "Delivered"],
  ["opened", "Opened"],
  ["clicked", "Clicked"],
  ["replied", "Replied"],
  ["bounced", "Bounced"],
  ["complained", "Complained"],
];

/** How the mails to a contact fared; nothing while there is none. */
export function MailFigures({ contact }: { contact: Contact }) {
  if (!Object.values(contact.mail).some((figure) => figure > 0)) return null;
  return (
    <Panel title="Email">
      <dl className={classes.figures}>
        {FIGURES.map(([name, words]) => (
          <div key={name}>
            <dt>{words}</dt>
            <dd className="tabular">{count(contact.mail[name] ?? 0)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
