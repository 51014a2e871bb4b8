import { Loader, SegmentedControl, Select } from "@mantine/core";
import { useDebouncedValue, useElementSize } from "@mantine/hooks";
import { IconAlertCircle, IconUser } from "@tabler/icons-react";
import { type CSSProperties, useState } from "react";
import { usePreviewPeople } from "@/api/templates";
import type { PreviewPerson, TemplatePreview } from "@/api/types";
import { sizeWords } from "./draft";
import classes from "./Editor.module.css";

type Width = "desktop" | "phone" | "text";

/** As wide as a mail is laid out on a desktop, in pixels; where there is less room it is shown smaller. */
const DESKTOP_WIDTH = 720;

interface PreviewProps {
  preview: TemplatePreview;
  /** A newer one is on its way. */
  isStale: boolean;
  contact: string | null;
  onContact: (id: string | null) => void;
  from: string;
}

/** The mail as one person gets it. It is shown in a frame that can run nothing and reach nothing of this page. */
export function Preview({ preview, isStale, contact, onContact, from }: PreviewProps) {
  const [width, setWidth] = useState<Width>("desktop");
  return (
    <section className={classes.preview} aria-label="Preview">
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label="Shown as"
          value={width}
          onChange={(value) => setWidth(value as Width)}
          data={[
            { value: "desktop", label: "Desktop" },
            { value: "phone", label: "Phone" },
            { value: "text", label: "Text" },
          ]}
        />
        <Person shown={preview.person} contact={contact} onContact={onContact} />
      </div>
      <div className={classes.envelope}>
        <div className={classes.subject}>{preview.subject || (preview.refusal === "" ? "No subject" : "No mail")}</div>
        <div className={classes.from}>
          {preview.refusal === "" && from} <span>to {preview.person.email}</span>
          <span className={classes.size}>
            {isStale ? <Loader size={12} aria-label="Rendering" /> : preview.refusal === "" && sizeWords(preview.size)}
          </span>
        </div>
      </div>
      {preview.refusal === "" ? (
        <Mail preview={preview} width={width} />
      ) : (
        <div className={classes.refusal} role="status">
          <IconAlertCircle size={22} aria-hidden="true" />
          <p>{preview.person.email} would get no mail.</p>
          <p>{preview.refusal}</p>
        </div>
      )}
    </section>
  );
}

function Mail({ preview, width }: { preview: TemplatePreview; width: Width }) {
  if (width === "text" || preview.html === "") return <pre className={classes.text}>{preview.text}</pre>;
  return <Stage html={preview.html} width={width} />;
}

function Stage({ html, width }: { html: string; width: "desktop" | "phone" }) {
  const { ref, width: room } = useElementSize();
  const scale = room === 0 ? 1 : Math.min(1, room / DESKTOP_WIDTH);
  const sizes = { "--desktop-width": `${DESKTOP_WIDTH}px`, "--scale": scale } as CSSProperties;
  return (
    <div ref={ref} className={classes.stage} data-width={width} style={sizes}>
      <iframe className={classes.frame} title="The mail" sandbox="" srcDoc={html} referrerPolicy="no-referrer" />
    </div>
  );
}

interface PersonProps {
  shown: PreviewPerson;
  contact: string | null;
  onContact: (id: string | null) => void;
}

/** As whom the mail is shown: found by the beginning of an address. */
function Person({ shown, contact, onContact }: PersonProps) {
  const [text, setText] = useState("");
  const [prefix] = useDebouncedValue(text, 200);
  const people = usePreviewPeople(prefix === shown.email ? "" : prefix);
  const known = [shown, ...(people.data ?? [])].filter(({ id }) => id !== "");
  const choices = new Map(known.map(({ id, email }) => [id, email]));
  return (
    <Select
      size="xs"
      aria-label="As which contact"
      placeholder={shown.email}
      leftSection={<IconUser size={14} />}
      data={[...choices].map(([value, label]) => ({ value, label }))}
      value={contact}
      onChange={onContact}
      searchable
      clearable
      onSearchChange={setText}
      filter={({ options }) => options}
      nothingFoundMessage="No contact's address begins so"
      className={classes.person}
    />
  );
}
