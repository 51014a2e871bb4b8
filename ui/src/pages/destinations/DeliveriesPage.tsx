import { Drawer, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconTruckDelivery } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useDestinationOverview } from "@/api/destinations";
import type { DeliverySample, Outcome } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { exact, millis } from "@/components/format";
import { Panel } from "@/components/Page";
import { State } from "@/components/State";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { Exchange } from "./Exchange";
import { NotTaken } from "./NotTaken";

type Choice = "all" | Outcome;
const CHOICES: { value: Choice; label: string }[] = [
  { value: "all", label: "All" },
  { value: "delivered", label: "Delivered" },
  { value: "retry", label: "Retried" },
  { value: "failed", label: "Failed" },
];

/** A sample of the latest deliveries, with what was sent and what came back. */
export function DeliveriesPage() {
  const { id } = useParams({ from: "/app/destinations/$id/deliveries" });
  const overview = useDestinationOverview(id, "24h");
  const [choice, setChoice] = useState<Choice>("all");
  const [chosen, setChosen] = useState<DeliverySample | null>(null);
  return (
    <>
      {overview.data && <NotTaken overview={overview.data} during="in the last 24 hours" />}
      <Panel
        flush
        title="Latest deliveries"
        lead="A sample: most are only counted."
        beside={
          <SegmentedControl
            size="xs"
            aria-label="Outcome"
            data={CHOICES}
            value={choice}
            onChange={(value) => setChoice(value as Choice)}
          />
        }
      >
        <Ask query={overview}>
          {({ samples }) => (
            <Samples
              samples={samples.filter((sample) => choice === "all" || sample.outcome === choice)}
              onChoose={setChosen}
            />
          )}
        </Ask>
      </Panel>
      <SampleDrawer sample={chosen} onClose={() => setChosen(null)} />
    </>
  );
}

const HEADS = [
  { name: "Event" },
  { name: "Outcome" },
  { name: "Status", right: true, wide: true },
  { name: "Took", right: true, wide: true },
  { name: "When", wide: true },
  { name: "Reason", wide: true },
];

function Samples({ samples, onChoose }: { samples: DeliverySample[]; onChoose: (sample: DeliverySample) => void }) {
  if (samples.length === 0) {
    return (
      <Empty bare icon={IconTruckDelivery} title="No deliveries to show">
        They are listed here as soon as an event of a connected source is sent.
      </Empty>
    );
  }
  return (
    <Rows caption="Deliveries" heads={HEADS}>
      {samples.map((sample) => (
        <tr key={sample.id}>
          <Cell>
            <button type="button" className="row-button" data-row onClick={() => onChoose(sample)}>
              {sample.event_name || "Event"}
            </button>
          </Cell>
          <Cell>
            <State state={sample.outcome} />
          </Cell>
          <Cell right wide>
            {sample.status ?? "–"}
          </Cell>
          <Cell right wide>
            {millis(sample.millis)}
          </Cell>
          <Cell wide dim>
            <When at={sample.at} />
          </Cell>
          <Cell wide dim>
            {sample.reason}
          </Cell>
        </tr>
      ))}
    </Rows>
  );
}

function SampleDrawer({ sample, onClose }: { sample: DeliverySample | null; onClose: () => void }) {
  return (
    <Drawer opened={sample !== null} onClose={onClose} position="right" size="lg" title={sample?.event_name}>
      {sample && (
        <Stack gap="md">
          <Text size="sm" c="dimmed" component="div">
            <State state={sample.outcome} /> · {exact(sample.at)} · {millis(sample.millis)}
            {sample.status !== null && ` · ${sample.status}`}
          </Text>
          {sample.reason && <Text size="sm">{sample.reason}</Text>}
          <Exchange request={sample.request} response={sample.response} />
          <Text size="xs" c="dimmed" className="mono">
            {sample.message_id}
          </Text>
        </Stack>
      )}
    </Drawer>
  );
}
