import { Alert, Button, Progress, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconUsers } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Refusal } from "@/api/client";
import { isWorking, useCancelImport, useImport } from "@/api/imports";
import type { ContactImport } from "@/api/types";
import { Ask } from "@/components/Ask";
import { FormFailure } from "@/components/Failure";
import { count, plural } from "@/components/format";
import { Page, Panel } from "@/components/Page";
import { Stat, Stats } from "@/components/Stat";
import { StatePill } from "@/components/State";
import { NotFound } from "@/shell/Fallbacks";
import classes from "./Imports.module.css";
import { MapColumns } from "./MapColumns";
import { RefusedRows } from "./RefusedRows";
import { StartButton } from "./StartButton";
import { STEPS, shareOf, stepOf } from "./steps";

/** One import, from its file to its report. */
export function ImportPage() {
  const { id } = useParams({ from: "/app/contacts/imports/$id" });
  const found = useImport(id);
  if (found.error instanceof Refusal && found.error.status === 404) return <NotFound />;
  const data = found.data;
  return (
    <Page
      title={data?.name ?? "Import"}
      above={{ to: "/contacts/imports", name: "Imports" }}
      beside={data && <StatePill state={data.state} />}
      lead={data && `${plural(data.rows, "row")} · uploaded by ${data.by}`}
      tabs={data && <Steps state={data.state} />}
    >
      <Ask query={found}>{(one) => <Stage key={one.state} one={one} />}</Ask>
    </Page>
  );
}

function Steps({ state }: { state: ContactImport["state"] }) {
  const now = stepOf(state);
  return (
    <ol className={classes.steps}>
      {STEPS.map((name, index) => (
        <li
          key={name}
          className={classes.step}
          data-now={index === now || undefined}
          data-past={index < now || undefined}
          aria-current={index === now ? "step" : undefined}
        >
          <span className={classes.number}>{index < now ? <IconCheck size={13} aria-label="done" /> : index + 1}</span>
          {name}
        </li>
      ))}
    </ol>
  );
}

/** What there is to do in its state; each state begins anew, so a mapping that was tried again shows what it would do. */
function Stage({ one }: { one: ContactImport }) {
  const [mapping, setMapping] = useState(false);
  if (isWorking(one)) return <Working one={one} />;
  if (one.state === "uploaded" || (one.state === "checked" && mapping)) {
    return <MapColumns key={JSON.stringify(one.form)} one={one} />;
  }
  if (one.state === "checked") return <Checked one={one} onMap={() => setMapping(true)} />;
  return <Report one={one} />;
}

function Working({ one }: { one: ContactImport }) {
  const cancel = useCancelImport(String(one.id));
  const isTrying = one.state === "checking";
  return (
    <Panel
      title={isTrying ? "Trying it, changing nothing" : "Importing"}
      lead={isTrying ? undefined : "It goes on by itself, also when you leave this page or the server restarts."}
      beside={
        <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          Cancel
        </Button>
      }
    >
      <Progress value={shareOf(one)} size="lg" animated aria-label="Progress" />
      <Text size="sm" c="dimmed" className="tabular">
        {count(one.done)} of {plural(one.rows, "row")}
      </Text>
      <FormFailure error={cancel.error} />
      <Figures one={one} />
    </Panel>
  );
}

function Figures({ one }: { one: ContactImport }) {
  return (
    <Stats>
      <Stat name="New contacts" value={count(one.created)} />
      <Stat name="Updated" value={count(one.updated)} />
      <Stat name="Refused" value={count(one.refused)} tone={one.refused > 0 ? "warn" : undefined} />
    </Stats>
  );
}

function Checked({ one, onMap }: { one: ContactImport; onMap: () => void }) {
  return (
    <>
      <Panel title="What it would do" lead="Nothing has been changed yet.">
        <Figures one={one} />
        <div className={classes.foot}>
          <Button variant="default" onClick={onMap}>
            Change the mapping
          </Button>
          <StartButton one={one} />
        </div>
      </Panel>
      <RefusedRows one={one} />
    </>
  );
}

function Report({ one }: { one: ContactImport }) {
  return (
    <>
      {one.state === "failed" && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={one.reason} />
      )}
      {one.state === "cancelled" && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={18} />} title="It was cancelled">
          What was imported by then stays: {plural(one.done, "row")} of {count(one.rows)}.
        </Alert>
      )}
      <Panel
        title="Report"
        beside={
          <Button
            size="xs"
            component={Link}
            to={one.list_id ? `/contacts?list=${one.list_id}` : "/contacts"}
            leftSection={<IconUsers size={15} />}
          >
            See contacts
          </Button>
        }
      >
        <Figures one={one} />
      </Panel>
      <RefusedRows one={one} />
    </>
  );
}
