import { Button, Group, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconWorld } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useAddSendingDomain, useCheckSendingDomain, useSendingDomains } from "@/api/channels";
import { Ask } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { DomainPanel } from "./DomainPanel";

export function DomainsPage() {
  const domains = useSendingDomains();
  return (
    <Stack gap="lg" maw={960}>
      <NewDomain />
      <Ask query={domains}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={IconWorld} title="No sending domains">
              Mail of a domain that is not here goes out unsigned, and large receivers refuse or hide it.
            </Empty>
          ) : (
            all.map((domain) => <DomainPanel key={domain.domain} domain={domain} />)
          )
        }
      </Ask>
    </Stack>
  );
}

/** Adds a domain, and looks at once at what DNS says of it. */
function NewDomain() {
  const [name, setName] = useState("");
  const add = useAddSendingDomain();
  const check = useCheckSendingDomain();
  function submit(event: FormEvent): void {
    event.preventDefault();
    add.mutate(name.trim(), {
      onSuccess: (added) => {
        setName("");
        check.mutate(added.domain);
      },
    });
  }
  return (
    <Panel title="New domain" lead="The domain of a From address. Skywrite makes its key, and says what to publish.">
      <form onSubmit={submit}>
        <Group gap="xs">
          <TextInput
            aria-label="Domain"
            placeholder="example.com"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={253}
            w={320}
            maw="100%"
            autoComplete="off"
          />
          <Button type="submit" leftSection={<IconPlus size={16} />} loading={add.isPending}>
            Add domain
          </Button>
        </Group>
      </form>
      <FormFailure error={add.error} />
    </Panel>
  );
}
