import { ActionIcon, Button, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

interface CopyProps {
  value: string;
  /** What is copied, as in "Copy write key". */
  what: string;
}

/** A small button that copies, and says that it did. */
export function CopyIcon({ value, what }: CopyProps) {
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : `Copy ${what}`}>
          <ActionIcon onClick={copy} color={copied ? "teal" : "gray"} aria-label={copied ? "Copied" : `Copy ${what}`}>
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

export function CopyText({ value, what }: CopyProps) {
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Button
          size="xs"
          variant="default"
          onClick={copy}
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        >
          {copied ? "Copied" : `Copy ${what}`}
        </Button>
      )}
    </CopyButton>
  );
}

/** A value to be taken elsewhere: a write key, a link, a secret. */
export function CopyField({ value, what }: CopyProps) {
  return (
    <span className="copy-field">
      <code className="mono truncate">{value}</code>
      <CopyIcon value={value} what={what} />
    </span>
  );
}
