import { Stack, Text } from "@mantine/core";
import { Code } from "@/components/Code";
import { laidOut } from "./laidOut";

/** What was sent, and what came back. */
export function Exchange({ request, response }: { request: string; response: string }) {
  return (
    <Stack gap="sm">
      <Half name="Request" text={request} />
      <Half name="Response" text={response} />
    </Stack>
  );
}

function Half({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <Text size="sm" fw={560} mb={4}>
        {name}
      </Text>
      {text === "" ? (
        <Text size="sm" c="dimmed">
          Nothing.
        </Text>
      ) : (
        <Code code={laidOut(text)} language="json" what={name.toLowerCase()} maxHeight={360} />
      )}
    </div>
  );
}
