import { NumberInput, Select, Stack, Switch, TagsInput, TextInput } from "@mantine/core";
import type { FormField } from "@/api/types";
import { MarkdownLine } from "@/components/Markdown";
import type { Values } from "./form";
import { SecretField } from "./SecretField";

interface FieldsProps {
  fields: FormField[];
  values: Values;
  faults: Record<string, string>;
  onChange: (values: Values) => void;
  /** Shows a secret that is set; not there while a destination is new. */
  reveal?: (name: string) => Promise<string>;
}

/** The form that a destination's settings draw. */
export function Fields({ fields, values, faults, onChange, reveal }: FieldsProps) {
  return (
    <Stack gap="md">
      {fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={values[field.name] ?? null}
          error={faults[field.name]}
          onChange={(value) => onChange({ ...values, [field.name]: value })}
          reveal={reveal}
        />
      ))}
    </Stack>
  );
}

/** What has a default is never nothing. */
const canBeNone = ({ required, default: usual }: FormField): boolean => !required && !usual;

interface FieldProps {
  field: FormField;
  value: Values[string];
  error: string | undefined;
  onChange: (value: Values[string]) => void;
  reveal: FieldsProps["reveal"];
}

function Field({ field, value, error, onChange, reveal }: FieldProps) {
  const named = {
    label: field.title,
    description: field.description && <MarkdownLine text={field.description} />,
    error,
    name: field.name,
  };
  const same = { ...named, withAsterisk: field.required };
  switch (field.type) {
    case "boolean":
      return <Switch {...named} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case "secret":
      return <SecretField {...same} value={value as string | null} onChange={onChange} reveal={reveal} />;
    case "choice":
      return (
        <Select
          {...same}
          data={field.choices}
          value={String(value ?? "") || null}
          onChange={onChange}
          clearable={canBeNone(field)}
          allowDeselect={canBeNone(field)}
        />
      );
    case "list":
      return (
        <TagsInput
          {...same}
          data={field.choices}
          value={Array.isArray(value) ? value : []}
          onChange={onChange}
          clearable
        />
      );
    case "integer":
    case "number":
      return (
        <NumberInput
          {...same}
          allowDecimal={field.type === "number"}
          value={String(value ?? "")}
          onChange={(number) => onChange(String(number))}
        />
      );
    default:
      return (
        <TextInput
          {...same}
          value={String(value ?? "")}
          onChange={(event) => onChange(event.currentTarget.value)}
          autoComplete="off"
        />
      );
  }
}
