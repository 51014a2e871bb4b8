import { Progress, Stack } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type DragEvent, useId, useRef, useState } from "react";
import { useUpload } from "@/api/imports";
import { FormFailure } from "@/components/Failure";
import classes from "./Imports.module.css";

/** Where a file is dropped or chosen. */
export function Upload() {
  const box = useRef<HTMLInputElement>(null);
  const name = useId();
  const words = useId();
  const [share, setShare] = useState(0);
  const [isOver, setIsOver] = useState(false);
  const upload = useUpload(setShare);
  const navigate = useNavigate();
  function take(file: File | undefined): void {
    if (!file) return;
    upload.mutate(file, {
      onSuccess: ({ id }) => void navigate({ to: "/contacts/imports/$id", params: { id: String(id) } }),
    });
  }
  function drop(event: DragEvent): void {
    event.preventDefault();
    setIsOver(false);
    take(event.dataTransfer.files[0]);
  }
  return (
    <Stack gap="sm">
      <input
        ref={box}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        aria-label="CSV file"
        hidden
        onChange={(event) => take(event.currentTarget.files?.[0])}
      />
      <button
        type="button"
        className={classes.drop}
        data-over={isOver || undefined}
        aria-labelledby={name}
        aria-describedby={words}
        disabled={upload.isPending}
        onClick={() => box.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        <IconFileUpload size={30} stroke={1.5} aria-hidden="true" />
        <strong id={name}>{upload.isPending ? "Uploading…" : "Drop a CSV file here, or click to choose one"}</strong>
        <span id={words}>
          An export of Autopilot, of another tool or of a spreadsheet. Nothing is imported yet: next you see what each
          column becomes, and try it.
        </span>
      </button>
      {upload.isPending && <Progress value={share * 100} aria-label="Upload" animated={share >= 1} />}
      <FormFailure error={upload.error} />
    </Stack>
  );
}
