import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useVersions } from "@/api/templates";
import type { TemplateProblem } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { When } from "@/components/When";
import { errorsOf } from "./draft";
import classes from "./Editor.module.css";

/** What stands in the way, or is to be weighed. */
function Weighed({ problems }: { problems: TemplateProblem[] }) {
  return (
    <ul className={classes.weighed}>
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.field} ${problem.line} ${problem.message}`}>{problem.message}</li>
      ))}
    </ul>
  );
}

interface PublishProps {
  id: string;
  opened: boolean;
  onClose: () => void;
  problems: TemplateProblem[];
  busy: boolean;
  error: Error | null;
  onConfirm: () => void;
}

/** Asks before what is written becomes what is sent, and says what else there is to weigh. */
export function Publish({ id, opened, onClose, problems, busy, error, onConfirm }: PublishProps) {
  const versions = useVersions(id);
  const errors = errorsOf(problems).length;
  const warnings = problems.length - errors;
  const last = versions.data?.[0];
  return (
    <Modal opened={opened} onClose={onClose} title="Publish this template">
      <Stack gap="md">
        <Text size="sm">
          {errors > 0
            ? `There ${errors === 1 ? "is an error" : `are ${errors} errors`}: mend ${errors === 1 ? "it" : "them"} first.`
            : "From now on mails are sent as it is written here. Mails that wait already go out as they were."}
        </Text>
        {errors === 0 && warnings > 0 && (
          <Text size="sm" c="var(--sw-muted)">
            {warnings === 1 ? "One warning is left." : `${warnings} warnings are left.`} It can be published with{" "}
            {warnings === 1 ? "it" : "them"}.
          </Text>
        )}
        {problems.length > 0 && <Weighed problems={errors > 0 ? errorsOf(problems) : problems} />}
        {last && (
          <Text size="xs" c="var(--sw-muted)">
            Version {last.version} was published <When at={last.published_at} />; this will be version{" "}
            {last.version + 1}.
          </Text>
        )}
        <FormFailure error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={busy} disabled={errors > 0} onClick={onConfirm} data-autofocus>
            Publish
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
