import { Alert, Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

/** What went wrong, as the server says it, and a way to try again. */
export function Failure({ error, again }: { error: Error; again?: () => void }) {
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={error.message} role="alert">
      {again && (
        <Button size="xs" variant="default" mt={4} onClick={again}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

/** A refusal under a form; nothing while there is none. */
export function FormFailure({ error }: { error: Error | null }) {
  if (error === null) return null;
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} role="alert">
      {error.message}
    </Alert>
  );
}
