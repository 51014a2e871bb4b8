import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useAddTemplate } from "@/api/templates";
import { FormFailure } from "@/components/Failure";

interface AddTemplateProps {
  opened: boolean;
  onClose: () => void;
}

const ABOUT = {
  mjml: "A short language for mails: sections, columns, buttons. It becomes HTML that every client shows well.",
  html: "Your own HTML. Its CSS is put into the elements when you publish.",
};

/** Asks for a name and a kind; what it begins with comes from the server. */
export function AddTemplate({ opened, onClose }: AddTemplateProps) {
  const add = useAddTemplate();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [kind, setKind] = useState<"mjml" | "html">("mjml");

  function submit(event: FormEvent): void {
    event.preventDefault();
    add.mutate(
      { name: name.trim(), kind },
      { onSuccess: ({ id }) => void navigate({ to: "/templates/$id", params: { id } }) },
    );
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Add a template">
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            description="For you and your reports: nobody else reads it."
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            autoComplete="off"
            data-autofocus
          />
          <Stack gap={6}>
            <SegmentedControl
              aria-label="Kind"
              value={kind}
              onChange={(value) => setKind(value === "html" ? "html" : "mjml")}
              data={[
                { value: "mjml", label: "MJML" },
                { value: "html", label: "HTML" },
              ]}
            />
            <Text size="xs" c="var(--sw-muted)">
              {ABOUT[kind]}
            </Text>
          </Stack>
          <FormFailure error={add.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending} disabled={name.trim() === ""}>
              Add template
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
