import { Button, List, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useDestinations } from "@/api/destinations";
import { Code } from "@/components/Code";
import { CopyField } from "@/components/Copy";
import { Panel } from "@/components/Page";

const WAYS = [
  { value: "here", label: "This server" },
  { value: "segment", label: "Segment" },
  { value: "rudderstack", label: "RudderStack" },
];

/** Where the events of contacts come from, and what is to be done there. */
export function ConnectPanel({ address, apiKey }: { address: string; apiKey: string }) {
  const [way, setWay] = useState("here");
  return (
    <Panel
      title="Send events to contacts"
      lead="Identify and track calls make contacts and their timeline. Choose where yours come from."
    >
      <Stack gap="md">
        <SegmentedControl
          aria-label="Where events come from"
          data={WAYS}
          value={way}
          onChange={setWay}
          style={{ alignSelf: "flex-start" }}
        />
        {way === "here" ? <FromHere /> : <FromElsewhere way={way} address={address} apiKey={apiKey} />}
      </Stack>
    </Panel>
  );
}

function FromHere() {
  const destinations = useDestinations();
  const own = destinations.data?.find((one) => one.kind === "autopilothq");
  if (own) {
    return (
      <>
        <Text size="sm">
          The destination “{own.name}” takes the events of {counted(own.sources.length)}.
        </Text>
        <div>
          <Button
            size="xs"
            variant="default"
            renderRoot={(props) => <Link to="/destinations/$id/overview" params={{ id: own.id }} {...props} />}
          >
            Open “{own.name}”
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      <List type="ordered" size="sm" spacing="xs">
        <List.Item>Copy the API key above.</List.Item>
        <List.Item>Add the destination AutopilotHQ to the sources that know your users, and paste the key.</List.Item>
        <List.Item>Whoever those sources identify from then on is a contact.</List.Item>
      </List>
      <div>
        <Button
          leftSection={<IconPlugConnected size={16} />}
          renderRoot={(props) => (
            <Link to="/destinations/catalog/$kind" params={{ kind: "autopilothq" }} search={{}} {...props} />
          )}
        >
          Add AutopilotHQ
        </Button>
      </div>
    </>
  );
}

const counted = (sources: number): string => (sources === 1 ? "one source" : `${sources} sources`);

const STEPS: Record<string, string[]> = {
  segment: [
    "In Segment open Catalog, choose a webhook destination, and connect it to your source.",
    "Give it the address below, and the API key as the header autopilotapikey.",
    "Switch it on. Each call is answered with 200 once it is on disk.",
  ],
  rudderstack: [
    "In RudderStack add a Webhook destination, and connect it to your source.",
    "Give it the address below, method POST, and the API key as the header autopilotapikey.",
    "Switch it on. Events that name nobody are refused with 400, and shown as such there.",
  ],
};

function FromElsewhere({ way, address, apiKey }: { way: string; address: string; apiKey: string }) {
  return (
    <>
      <List type="ordered" size="sm" spacing="xs">
        {STEPS[way]?.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
      <CopyField value={address} what="address" />
      <Text size="sm" c="dimmed">
        To see that it works:
      </Text>
      <Code language="bash" what="command" code={tryOut(address, apiKey)} />
    </>
  );
}

const tryOut = (address: string, apiKey: string): string => `curl ${address} \\
  -H 'autopilotapikey: ${apiKey}' -H 'content-type: application/json' \\
  -d '{"type": "identify", "userId": "u1", "traits": {"email": "ada@example.com"}}'`;
