import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Outlet } from "@tanstack/react-router";
import { useWarehouseStatus } from "@/api/warehouse";
import { bytes, count } from "@/components/format";
import { KindIcon } from "@/components/KindIcon";
import { Page } from "@/components/Page";
import { RoomTabs } from "@/components/RoomTabs";
import { StatePill, toneOf } from "@/components/State";

const TABS = [
  { to: "/warehouse/query", name: "Query" },
  { to: "/warehouse/tables", name: "Tables" },
  { to: "/warehouse/syncs", name: "Syncs" },
];

/** The frame of the warehouse's pages; says why while it can't load. */
export function WarehouseFrame() {
  const status = useWarehouseStatus();
  const data = status.data;
  return (
    <Page
      title="Warehouse"
      icon={<KindIcon icon="warehouse" size={44} />}
      beside={data && <StatePill state={data.state} />}
      lead={
        data && (
          <>
            DuckDB · <span className="mono">{data.path}</span> · {bytes(data.bytes)}
            {data.lag > 0 && ` · ${count(data.lag)} requests behind`}
          </>
        )
      }
      tabs={<RoomTabs name="Pages of the warehouse" tabs={TABS} />}
      wide
    >
      {data?.reason && data.state !== "idle" && data.state !== "loading" && (
        <Alert
          color={toneOf(data.state) === "bad" ? "red" : "yellow"}
          variant="light"
          icon={<IconAlertTriangle size={18} />}
          title={data.reason}
        >
          Events are safe in the log meanwhile, and are loaded by themselves when the cause is gone.
        </Alert>
      )}
      <Outlet />
    </Page>
  );
}
