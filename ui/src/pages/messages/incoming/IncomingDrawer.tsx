import { Drawer, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type IncomingMail, useIncomingText } from "@/api/incoming";
import { Ask } from "@/components/Ask";
import { Code } from "@/components/Code";
import { bytes, exact } from "@/components/format";
import { Found } from "./IncomingTable";
import { noteWords, OUTCOMES } from "./outcomes";

const WAYS: Record<string, string> = { smtp: "By SMTP", pipe: "By a pipe", http: "By HTTP" };

/** One incoming mail: what it was found to be, whom it is about, and its text as it came. */
export function IncomingDrawer({ mail, onClose }: { mail: IncomingMail | null; onClose: () => void }) {
  return (
    <Drawer
      opened={mail !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={mail && (mail.subject || "No subject")}
    >
      {mail && <Detail mail={mail} />}
    </Drawer>
  );
}

function Detail({ mail }: { mail: IncomingMail }) {
  const text = useIncomingText(mail.id);
  const came = [WAYS[mail.way], mail.ip && `from ${mail.ip}`, mail.size > 0 && bytes(mail.size)].filter(Boolean);
  return (
    <Stack gap="lg">
      <Stack gap={4}>
        <Text component="div" size="sm" fw={600}>
          <Found mail={mail} />
        </Text>
        <Text size="sm" c="dimmed">
          {OUTCOMES[mail.outcome].means}
        </Text>
      </Stack>
      <dl style={{ display: "grid", gridTemplateColumns: "max-content 1fr", gap: "8px 16px", margin: 0, fontSize: 14 }}>
        <Line name="From">{mail.sender}</Line>
        <Line name="To">{mail.to && <span className="mono">{mail.to}</span>}</Line>
        <Line name="About">
          {mail.message_id && (
            <Link to="/messages/$id" params={{ id: mail.message_id }} className="link">
              Message {mail.message_id}
            </Link>
          )}
        </Line>
        <Line name="Code">{mail.bounce_code}</Line>
        <Line name="Said">{mail.said}</Line>
        <Line name="Why">{noteWords(mail.note)}</Line>
        <Line name="Came">{[exact(mail.at), ...came].join(" · ")}</Line>
      </dl>
      <Ask query={text}>
        {(found) =>
          found.text ? (
            <Code code={found.text} language="text" what="the mail" maxHeight={480} />
          ) : (
            <Text size="sm" c="dimmed">
              Nothing of its text is kept.
            </Text>
          )
        }
      </Ask>
    </Stack>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <>
      <dt style={{ color: "var(--sw-faint)" }}>{name}</dt>
      <dd style={{ margin: 0, overflowWrap: "anywhere" }}>{children}</dd>
    </>
  );
}
