import { CopyIcon } from "@/components/Copy";
import { State } from "@/components/State";
import classes from "./DnsRecord.module.css";
import { CHECK_MARKS } from "./shown";

interface DnsRecordProps {
  title: string;
  state: string;
  /** The word for the state, where it is none of a check's. */
  words?: string;
  says: string;
  kind: string;
  name: string;
  wanted: string;
  found: string[];
}

/** One DNS record: whether it is right, and its parts to be copied to where DNS is kept. */
export function DnsRecord({ title, state, words, says, kind, name, wanted, found }: DnsRecordProps) {
  const [mark, word] = words ? [state, words] : (CHECK_MARKS[state] ?? [state, state]);
  return (
    <section className={classes.record} aria-label={`${title}: ${name}`}>
      <div className={classes.about}>
        <div className={classes.title}>{title}</div>
        <State state={mark} words={word} />
      </div>
      <div className={classes.body}>
        <p className={classes.says}>{says}</p>
        <dl className={classes.parts}>
          <Part name={kind} value={name} what={`${title} name`} />
          {state !== "ok" && <Part name="Wanted" value={wanted} what={`${title} value`} />}
          {found.length > 0 && <Part name="Found" value={found.join("\n")} />}
        </dl>
      </div>
    </section>
  );
}

function Part({ name, value, what }: { name: string; value: string; what?: string }) {
  return (
    <div className={classes.part}>
      <dt className={classes.label}>{name}</dt>
      <dd className={classes.value}>
        <code className={classes.code}>{value}</code>
        {what && value && <CopyIcon value={value} what={what} />}
      </dd>
    </div>
  );
}
