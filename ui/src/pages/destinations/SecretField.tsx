import { Button, Group, Input, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { CopyField } from "@/components/Copy";

interface SecretFieldProps {
  label: string;
  description: ReactNode;
  error: string | undefined;
  name: string;
  withAsterisk: boolean;
  /** null: set, and not touched. */
  value: string | null;
  onChange: (value: string | null) => void;
  reveal?: (name: string) => Promise<string>;
}

/** A secret: hidden while set, shown on demand, replaced as a whole. */
export function SecretField({ value, onChange, reveal, ...same }: SecretFieldProps) {
  const shown = useMutation({ mutationFn: () => (reveal ? reveal(same.name) : Promise.resolve("")) });
  if (value !== null) {
    return (
      <PasswordInput
        {...same}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        autoComplete="off"
      />
    );
  }
  return (
    <Input.Wrapper label={same.label} description={same.description} error={shown.error?.message ?? same.error}>
      <Group gap="xs" mt={4} wrap="nowrap">
        <div style={{ flex: 1, minWidth: 0 }}>
          {shown.data !== undefined ? (
            <CopyField value={shown.data} what={same.label.toLowerCase()} />
          ) : (
            <Input value="••••••••••••••••" readOnly variant="filled" aria-label={`${same.label}, hidden`} />
          )}
        </div>
        {shown.data === undefined && (
          <Button variant="default" size="xs" loading={shown.isPending} onClick={() => shown.mutate()}>
            Show
          </Button>
        )}
        <Button variant="default" size="xs" onClick={() => onChange("")}>
          Replace
        </Button>
      </Group>
    </Input.Wrapper>
  );
}
