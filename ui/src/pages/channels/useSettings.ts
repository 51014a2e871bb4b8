/** A form over some settings of the channel: what is typed in, what is wrong with it, and saving it. */

import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { type EmailChannelChange, useChangeEmailChannel } from "@/api/channels";
import { Refusal } from "@/api/client";
import type { FormField, Json } from "@/api/types";
import { faultsOf, fieldOf, settingsOf, type Values, valuesOf } from "@/pages/destinations/form";

interface Held {
  settings: Record<string, Json>;
  secrets?: string[];
  /** The fields that count, where some are of no use now. */
  shown?: (values: Values) => FormField[];
}

export function useSettings(
  fields: FormField[],
  { settings, secrets = [], shown = () => fields }: Held,
  changeOf: (settings: Record<string, Json>) => EmailChannelChange,
) {
  const [values, setValues] = useState(() => valuesOf(fields, settings, secrets));
  const [faults, setFaults] = useState<Record<string, string>>({});
  const change = useChangeEmailChannel();
  const visible = shown(values);
  const refused = change.error instanceof Refusal ? fieldOf(visible, change.error.where) : null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = faultsOf(visible, values);
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    change.mutate(changeOf(settingsOf(visible, values, secrets)), {
      onSuccess: () => {
        setValues((now) =>
          Object.fromEntries(fields.map((field) => [field.name, kept(field, now[field.name] ?? null)])),
        );
        notifications.show({ color: "teal", message: "Saved." });
      },
    });
  }
  return {
    values,
    setValues,
    visible,
    submit,
    faults: refused ? { ...faults, [refused]: change.error?.message ?? "" } : faults,
    error: refused ? null : change.error,
    isSaving: change.isPending,
  };
}

/** A secret that was saved is hidden again. */
const kept = (field: FormField, value: Values[string]): Values[string] =>
  field.type === "secret" && value !== "" ? null : value;
