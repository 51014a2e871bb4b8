import { Loader } from "@mantine/core";
import { IconTable, IconTableOff } from "@tabler/icons-react";
import type { useRunQuery } from "@/api/warehouse";
import { CopyText } from "@/components/Copy";
import { Empty } from "@/components/Empty";
import { millis, plural } from "@/components/format";
import { csvOf } from "./csv";
import { Grid } from "./Grid";
import classes from "./Query.module.css";

/** What a query gave: rows, a refusal in the engine's words, or nothing yet. */
export function QueryOutcome({ run }: { run: ReturnType<typeof useRunQuery> }) {
  const { data, error, isPending } = run;
  if (isPending) {
    return (
      <section className={classes.outcome} aria-busy="true">
        <div className={classes.running}>
          <Loader size={18} />
          Running…
        </div>
      </section>
    );
  }
  if (error) {
    return (
      <section className={classes.outcome} data-bad role="alert">
        <h2 className={classes.errorTitle}>The query failed</h2>
        <pre className={classes.error}>{error.message}</pre>
      </section>
    );
  }
  if (!data) {
    return (
      <section className={classes.outcome}>
        <Empty bare icon={IconTable} title="Run a query to see its rows">
          Or choose one of the tables.
        </Empty>
      </section>
    );
  }
  return (
    <section className={classes.outcome} aria-label="Result">
      <div className={classes.summary}>
        <span className="tabular">
          <b>{plural(data.rows.length, "row")}</b>
          {data.truncated && " (there are more)"} · {millis(data.millis)}
        </span>
        <CopyText value={csvOf(data)} what="as CSV" />
      </div>
      {data.message && data.rows.length > 0 && <p className={classes.note}>{data.message}</p>}
      {data.rows.length === 0 ? (
        <Empty bare icon={IconTableOff} title="No rows">
          {data.message}
        </Empty>
      ) : (
        <Grid columns={data.columns} rows={data.rows} />
      )}
    </section>
  );
}
