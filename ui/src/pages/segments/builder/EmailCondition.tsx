import { Select } from "@mantine/core";
import { useReport } from "@/api/reports";
import type { SegmentEmail, SegmentSuggestions } from "@/api/types";
import classes from "./Builder.module.css";
import { type About, ACTIVITIES, aboutOf, withActivity, withMail } from "./conditions";
import { Choose, ThingPick, widthOf } from "./controls";
import { Times, Window } from "./Window";

const ABOUT: { value: About; label: string }[] = [
  { value: "any", label: "any mail" },
  { value: "template", label: "the template" },
  { value: "broadcast", label: "the broadcast" },
];
const DID = Object.entries(ACTIVITIES).map(([value, label]) => ({ value: value as SegmentEmail["activity"], label }));

interface EmailProps {
  one: SegmentEmail;
  known: SegmentSuggestions | undefined;
  marked: boolean;
  onChange: (one: SegmentEmail) => void;
}

/** "clicked in the template Welcome, the link example.org/start, at least once in the last 30 days" */
export function EmailCondition({ one, known, marked, onChange }: EmailProps) {
  const about = aboutOf(one);
  const first = { any: 0, template: known?.templates[0]?.id ?? 0, broadcast: known?.broadcasts[0]?.id ?? 0 };
  return (
    <>
      <Choose
        label="What became of it"
        value={one.activity}
        options={DID}
        onChange={(activity) => onChange(withActivity(one, activity))}
        strong
      />
      <Choose
        label="Which mail"
        value={about}
        options={ABOUT}
        onChange={(next) => onChange(withMail(one, next, first[next]))}
      />
      {about === "template" && (
        <ThingPick
          label="Choose a template"
          value={one.template_id}
          things={known?.templates ?? []}
          onChange={(id) => onChange(withMail(one, "template", id))}
          missing={marked && !one.template_id}
        />
      )}
      {about === "broadcast" && (
        <ThingPick
          label="Choose a broadcast"
          value={one.broadcast_id}
          things={known?.broadcasts ?? []}
          onChange={(id) => onChange(withMail(one, "broadcast", id))}
          missing={marked && !one.broadcast_id}
        />
      )}
      {one.activity === "clicked" && <Link one={one} onChange={onChange} />}
      <Times count={one.count} onChange={(count) => onChange({ ...one, count })} />
      <Window when={one.when} marked={marked} onChange={(when) => onChange({ ...one, when })} />
    </>
  );
}

/** Which link: of those of the mail that were clicked; of "any mail" only one that the definition has already. */
function Link({ one, onChange }: Pick<EmailProps, "one" | "onChange">) {
  const id = one.template_id ?? one.broadcast_id;
  if (id) return <LinksOf kind={one.template_id ? "templates" : "broadcasts"} id={id} one={one} onChange={onChange} />;
  return one.link_id ? <LinkPick links={[]} one={one} onChange={onChange} /> : null;
}

type LinksProps = Pick<EmailProps, "one" | "onChange"> & { kind: "templates" | "broadcasts"; id: number };

function LinksOf({ kind, id, ...rest }: LinksProps) {
  const report = useReport(kind, String(id), "");
  return <LinkPick links={report.data?.clicks ?? []} {...rest} />;
}

type PickProps = Pick<EmailProps, "one" | "onChange"> & { links: { link_id: string; url: string }[] };

function LinkPick({ links, one, onChange }: PickProps) {
  const { link_id, ...rest } = one;
  const data = links.map((link) => ({ value: link.link_id, label: link.url }));
  if (link_id && !data.some(({ value }) => value === link_id)) data.push({ value: link_id, label: link_id });
  const shown = data.find(({ value }) => value === link_id)?.label ?? "any link";
  return (
    <Select
      size="xs"
      searchable
      clearable
      aria-label="Which link"
      placeholder="any link"
      data={data}
      value={link_id ?? null}
      onChange={(chosen) => onChange(chosen === null ? rest : { ...rest, link_id: chosen })}
      nothingFoundMessage="No link of it was clicked yet"
      w={widthOf(shown, 10)}
      maw="100%"
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      classNames={{ input: link_id ? classes.strong : classes.pick }}
    />
  );
}
