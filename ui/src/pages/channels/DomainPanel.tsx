import { Button, Group, Menu, Text } from "@mantine/core";
import { IconDots, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import {
  type SendingDomain,
  useCheckSendingDomain,
  useRemoveSendingDomain,
  useRotateSendingDomain,
} from "@/api/channels";
import { Confirm } from "@/components/Confirm";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { When } from "@/components/When";
import { DnsRecord } from "./DnsRecord";

/** A sending domain: every record that receivers look at, with what is right and what is to be published. */
export function DomainPanel({ domain }: { domain: SendingDomain }) {
  const check = useCheckSendingDomain();
  const rotate = useRotateSendingDomain();
  const { checks } = domain;
  return (
    <Panel
      flush
      title={domain.domain}
      lead={
        domain.checked_at ? (
          <>
            Asked DNS <When at={domain.checked_at} />
          </>
        ) : (
          "DNS was not asked yet"
        )
      }
      beside={
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={15} />}
            loading={check.isPending}
            onClick={() => check.mutate(domain.domain)}
          >
            Ask DNS
          </Button>
          <DomainMenu domain={domain} onRotate={() => rotate.mutate(domain.domain)} />
        </Group>
      }
    >
      <FormFailure error={check.error ?? rotate.error} />
      {domain.next_selector && (
        <DnsRecord
          title="Next DKIM key"
          state="waiting"
          words="Waits"
          says="It takes over once DNS has it; until then the old key signs."
          kind="TXT"
          name={domain.next_record_name}
          wanted={domain.next_record}
          found={[]}
        />
      )}
      {checks.length === 0 && (
        <DnsRecord
          title="DKIM"
          state="silent"
          words="Not asked"
          says="The key that signs."
          kind="TXT"
          name={domain.record_name}
          wanted={domain.record}
          found={[]}
        />
      )}
      {checks.map((one) => (
        <DnsRecord key={one.slug} {...one} />
      ))}
    </Panel>
  );
}

function DomainMenu({ domain, onRotate }: { domain: SendingDomain; onRotate: () => void }) {
  const [asking, setAsking] = useState(false);
  const remove = useRemoveSendingDomain();
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default" px={8} aria-label={`More for ${domain.domain}`}>
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onRotate}>Make a new key</Menu.Item>
          <Menu.Item color="red" onClick={() => setAsking(true)}>
            Remove…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Remove ${domain.domain}?`}
        verb="Remove domain"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(domain.domain, { onSuccess: () => setAsking(false) })}
      >
        <Text size="sm">Its key is forgotten, and its mail goes out unsigned from now on.</Text>
      </Confirm>
    </>
  );
}
