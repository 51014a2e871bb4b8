import { Button, Group } from "@mantine/core";
import { useStartImport } from "@/api/imports";
import type { ContactImport } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { count, plural } from "@/components/format";

/** Carries out what was tried. */
export function StartButton({ one }: { one: ContactImport }) {
  const start = useStartImport(String(one.id));
  const taken = one.created + one.updated;
  return (
    <Group gap="sm">
      <FormFailure error={start.error} />
      <Button
        loading={start.isPending}
        disabled={taken === 0}
        onClick={() => start.mutate({ columns: one.columns, list_id: one.list_id })}
      >
        {taken === 0 ? "Nothing to import" : `Import ${plural(taken, "contact")}`}
        {one.refused > 0 && taken > 0 ? `, leave out ${count(one.refused)}` : ""}
      </Button>
    </Group>
  );
}
