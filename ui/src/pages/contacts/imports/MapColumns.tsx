import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useCheckImport, useImportSamples, useReread } from "@/api/imports";
import type { ContactImport, ImportColumn, ImportForm, ImportTo, ImportType } from "@/api/types";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { SettingRow } from "@/components/SettingRow";
import { Cell, Rows } from "@/components/Table";
import { ListSelect } from "../list/AddContact";
import classes from "./Imports.module.css";
import { lacking } from "./steps";

const TO: { value: ImportTo; label: string }[] = [
  { value: "email", label: "Email address" },
  { value: "userId", label: "User ID" },
  { value: "anonymousId", label: "Anonymous ID" },
  { value: "trait", label: "Trait" },
  { value: "lists", label: "Names of lists" },
  { value: "unsubscribed", label: "Unsubscribed (yes or no)" },
  { value: "ignore", label: "Leave out" },
];
const TYPES: { value: ImportType; label: string }[] = [
  { value: "text", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "Yes or no" },
  { value: "date", label: "Date" },
  { value: "any", label: "As it looks" },
];
const DELIMITERS = [
  { value: ",", label: "Comma ," },
  { value: ";", label: "Semicolon ;" },
  { value: "\t", label: "Tab" },
  { value: "|", label: "Bar |" },
];
const ENCODINGS = [
  { value: "utf-8", label: "UTF-8" },
  { value: "utf-16", label: "UTF-16" },
  { value: "cp1252", label: "Windows-1252" },
  { value: "cp932", label: "Japanese (Shift-JIS)" },
  { value: "gb18030", label: "Chinese (GB18030)" },
  { value: "cp950", label: "Chinese (Big5)" },
  { value: "cp949", label: "Korean (EUC-KR)" },
];
const HEADS = [{ name: "Column" }, { name: "Becomes" }];

/** What each column of the file becomes. */
export function MapColumns({ one }: { one: ContactImport }) {
  const [columns, setColumns] = useState(one.columns);
  const [list, setList] = useState(one.list_id);
  const check = useCheckImport(String(one.id));
  const samples = useImportSamples(String(one.id), one.form);
  const lack = lacking(columns);
  const change = (at: number, changed: Partial<ImportColumn>) =>
    setColumns(columns.map((column, index) => (index === at ? { ...column, ...changed } : column)));
  return (
    <>
      <FormPanel one={one} fits={samples.data?.fits ?? true} />
      <Panel flush title="Columns" lead="Guessed from their names; change what is wrong.">
        <div className={classes.map}>
          <Rows caption="Columns" heads={HEADS}>
            {columns.map((column, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column's place is its identity
              <tr key={index}>
                <Cell>
                  <div className={classes.columnName}>{column.name || `Column ${index + 1}`}</div>
                  <span className={classes.sample}>
                    {samples.data?.rows
                      .map((row) => row[index])
                      .filter(Boolean)
                      .slice(0, 3)
                      .join(" · ")}
                  </span>
                </Cell>
                <Cell>
                  <Becomes column={column} onChange={(changed) => change(index, changed)} />
                </Cell>
              </tr>
            ))}
          </Rows>
        </div>
      </Panel>
      <Panel>
        <ListSelect value={list} onChange={setList} label="Put everybody on a list" />
        <FormFailure error={check.error} />
        <div className={classes.foot}>
          <span className={classes.say} data-lacking={lack ? true : undefined}>
            {lack || "An empty cell changes nothing. Nobody who unsubscribed is subscribed again."}
          </span>
          <Button
            disabled={lack !== ""}
            loading={check.isPending}
            onClick={() => check.mutate({ columns, list_id: list })}
          >
            Try it
          </Button>
        </div>
      </Panel>
    </>
  );
}

interface BecomesProps {
  column: ImportColumn;
  onChange: (changed: Partial<ImportColumn>) => void;
}

function Becomes({ column, onChange }: BecomesProps) {
  const name = column.name || "column";
  return (
    <div className={classes.becomes}>
      <Select
        aria-label={`${name} becomes`}
        data={TO}
        value={column.to}
        onChange={(to) => onChange({ to: (to ?? "ignore") as ImportTo, trait: column.trait || column.name })}
        allowDeselect={false}
        className={classes.to}
      />
      {column.to === "trait" && (
        <>
          <TextInput
            aria-label={`Trait of ${name}`}
            value={column.trait}
            onChange={(event) => onChange({ trait: event.currentTarget.value })}
            maxLength={200}
            className={classes.trait}
          />
          <Select
            aria-label={`Type of ${name}`}
            data={TYPES}
            value={column.type}
            onChange={(type) => onChange({ type: (type ?? "text") as ImportType })}
            allowDeselect={false}
            className={classes.type}
          />
        </>
      )}
    </div>
  );
}

/** How the file is read, where it was not seen rightly. */
function FormPanel({ one, fits }: { one: ContactImport; fits: boolean }) {
  const reread = useReread(String(one.id));
  const change = (changed: Partial<ImportForm>) => reread.mutate({ ...one.form, ...changed });
  return (
    <Panel title="The file">
      <SettingRow name="Columns are separated by">
        <Select
          aria-label="Delimiter"
          data={DELIMITERS}
          value={one.form.delimiter}
          onChange={(delimiter) => change({ delimiter: delimiter as ImportForm["delimiter"] })}
          allowDeselect={false}
          w={180}
        />
      </SettingRow>
      <SettingRow
        name="Encoding"
        words={
          fits ? undefined : (
            <span className={classes.say} data-lacking>
              The file is not in this encoding: choose its own.
            </span>
          )
        }
      >
        <Select
          aria-label="Encoding"
          data={ENCODINGS}
          value={one.form.encoding}
          onChange={(encoding) => change({ encoding: encoding as ImportForm["encoding"] })}
          allowDeselect={false}
          w={180}
        />
      </SettingRow>
      <SettingRow name="The first row names the columns">
        <Switch
          aria-label="The first row names the columns"
          checked={one.form.has_header}
          onChange={(event) => change({ has_header: event.currentTarget.checked })}
        />
      </SettingRow>
      <FormFailure error={reread.error} />
    </Panel>
  );
}
