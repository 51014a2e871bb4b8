import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDots, IconGitMerge, IconMailCheck, IconMailOff, IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useForget, useMerge, useResubscribe, useUnsubscribe } from "@/api/contacts";
import type { Contact } from "@/api/types";
import { Confirm } from "@/components/Confirm";
import { FormFailure } from "@/components/Failure";

interface ActionsProps {
  contact: Contact;
  name: string;
}

/** What can be done to a contact. */
export function Actions({ contact, name }: ActionsProps) {
  const [asking, setAsking] = useState<"merge" | "forget" | "consent" | null>(null);
  const unsubscribe = useUnsubscribe();
  const close = () => setAsking(null);
  return (
    <>
      <FormFailure error={unsubscribe.error} />
      {contact.subscription === "subscribed" && (
        <Button
          variant="default"
          leftSection={<IconMailOff size={16} />}
          loading={unsubscribe.isPending}
          onClick={() => unsubscribe.mutate({ ids: [contact.id] })}
        >
          Unsubscribe
        </Button>
      )}
      {contact.subscription === "unsubscribed" && !contact.suppressions.some(({ reason }) => reason === "erased") && (
        <Button variant="default" leftSection={<IconMailCheck size={16} />} onClick={() => setAsking("consent")}>
          Subscribe again…
        </Button>
      )}
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More">
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconGitMerge size={15} />} onClick={() => setAsking("merge")}>
            Merge with another…
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => setAsking("forget")}>
            Forget this contact…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Consent contact={contact} opened={asking === "consent"} onClose={close} />
      <Merge contact={contact} name={name} opened={asking === "merge"} onClose={close} />
      <Forget contact={contact} name={name} opened={asking === "forget"} onClose={close} />
    </>
  );
}

interface DialogProps {
  contact: Contact;
  opened: boolean;
  onClose: () => void;
}

function Consent({ contact, opened, onClose }: DialogProps) {
  const [consent, setConsent] = useState("");
  const resubscribe = useResubscribe(contact.id);
  function submit(event: FormEvent): void {
    event.preventDefault();
    resubscribe.mutate(consent, { onSuccess: onClose });
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Subscribe again">
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm">
            Only who asks for it may get marketing mail again. Your name, the time and what you write here stay on the
            timeline.
          </Text>
          <Textarea
            label="How did they agree?"
            placeholder="Asked for it by phone"
            value={consent}
            onChange={(event) => setConsent(event.currentTarget.value)}
            maxLength={1000}
            autosize
            minRows={2}
            required
            data-autofocus
          />
          <FormFailure error={resubscribe.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={resubscribe.isPending}>
              Subscribe again
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Merge({ contact, name, opened, onClose }: DialogProps & { name: string }) {
  const [other, setOther] = useState("");
  const merge = useMerge(contact.id);
  function submit(event: FormEvent): void {
    event.preventDefault();
    merge.mutate(other.trim(), {
      onSuccess: () => {
        notifications.show({ color: "teal", message: `${other.trim()} is part of ${name} now.` });
        onClose();
      },
    });
  }
  return (
    <Modal opened={opened} onClose={onClose} title={`Merge another contact into ${name}`}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm">
            The other’s identities, timeline, lists and mails become this contact’s; of traits that both have, this
            contact’s stay. It can’t be undone.
          </Text>
          <TextInput
            label="The other contact"
            description="Its email, user ID or contact ID"
            placeholder="person_12 or ada@example.com"
            value={other}
            onChange={(event) => setOther(event.currentTarget.value)}
            required
            data-autofocus
          />
          <FormFailure error={merge.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={merge.isPending}>
              Merge
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Forget({ contact, name, opened, onClose }: DialogProps & { name: string }) {
  const forget = useForget(contact.id);
  const navigate = useNavigate();
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={`Forget ${name}?`}
      verb="Forget for good"
      typed={contact.email ?? contact.user_id ?? contact.id}
      busy={forget.isPending}
      error={forget.error}
      onConfirm={() =>
        forget.mutate(undefined, {
          onSuccess: () => {
            notifications.show({ color: "teal", message: `${name} is forgotten.` });
            void navigate({ to: "/contacts" });
          },
        })
      }
    >
      Traits, identities, lists and the timeline are erased here, and the suppression is sent on to your destinations.
      No mail will ever go to this address again. It can’t be undone.
    </Confirm>
  );
}
