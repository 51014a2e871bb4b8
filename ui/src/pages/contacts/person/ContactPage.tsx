import { Alert, Anchor } from "@mantine/core";
import { IconMailOff } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { Refusal } from "@/api/client";
import { useContact } from "@/api/contacts";
import type { Contact } from "@/api/types";
import { Bars } from "@/components/Ask";
import { Failure } from "@/components/Failure";
import { day } from "@/components/format";
import { Page } from "@/components/Page";
import { StatePill } from "@/components/State";
import { When } from "@/components/When";
import { NotFound } from "@/shell/Fallbacks";
import { Face } from "../Face";
import { nameOf } from "../list/columns";
import { Actions } from "./Actions";
import { Identities } from "./Identities";
import { MailFigures } from "./MailFigures";
import { Memberships } from "./Memberships";
import classes from "./Person.module.css";
import { Timeline } from "./Timeline";
import { Traits } from "./Traits";

const ABOVE = { to: "/contacts", name: "Contacts" };

export function ContactPage() {
  const { id } = useParams({ from: "/app/contacts/$id" });
  const contact = useContact(id);
  if (contact.error instanceof Refusal && contact.error.status === 404) return <NotFound />;
  if (contact.data) return <Known contact={contact.data} />;
  return (
    <Page title="Contact" above={ABOVE}>
      {contact.error ? <Failure error={contact.error} again={() => void contact.refetch()} /> : <Bars rows={6} />}
    </Page>
  );
}

function Known({ contact }: { contact: Contact }) {
  const name = nameOf(contact);
  return (
    <Page
      title={name}
      above={ABOVE}
      icon={<Face id={contact.id} name={name} size={48} />}
      beside={<StatePill state={contact.subscription} />}
      lead={<Lead contact={contact} name={name} />}
      actions={<Actions contact={contact} name={name} />}
      wide
    >
      <WhyNot contact={contact} />
      <div className={classes.columns}>
        <Timeline id={contact.id} />
        <aside className={classes.side} aria-label="What is known of them">
          <MailFigures contact={contact} />
          <Traits contact={contact} />
          <Identities contact={contact} />
          <Memberships contact={contact} />
        </aside>
      </div>
    </Page>
  );
}

function Lead({ contact, name }: { contact: Contact; name: string }) {
  return (
    <>
      {contact.email && contact.email !== name && (
        <>
          <Anchor href={`mailto:${contact.email}`} c="inherit" fz="inherit">
            {contact.email}
          </Anchor>
          {" · "}
        </>
      )}
      Seen <When at={contact.seen_at} /> · contact since {day(contact.created_at)}
    </>
  );
}

const REASONS: Record<string, string> = {
  unsubscribed: "They unsubscribed",
  manual: "Unsubscribed by hand",
  imported: "Unsubscribed by an import",
  hard_bounce: "Mail to this address bounces for good",
  repeated_soft: "Mail to this address bounced again and again",
  complaint: "They reported a mail as spam",
  erased: "They asked to be forgotten",
};

/** Why mail does not go to them, or not all of it. */
function WhyNot({ contact }: { contact: Contact }) {
  if (contact.suppressions.length === 0) return null;
  const isAll = contact.suppressions.some(({ topic }) => topic === "");
  return (
    <Alert
      variant="light"
      color={contact.subscription === "bounced" || contact.subscription === "complained" ? "red" : "yellow"}
      icon={<IconMailOff size={18} />}
      title={isAll ? "No marketing mail goes to this contact" : "Some mail does not go to this contact"}
    >
      {contact.suppressions.map(({ topic, reason, since, evidence }) => (
        <div key={`${topic}/${reason}`}>
          {REASONS[reason] ?? reason}
          {topic && ` from ${topic}`}, <When at={since} />
          {evidence && ` (${evidence})`}
        </div>
      ))}
    </Alert>
  );
}
