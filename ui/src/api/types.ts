/**
 * The wire format, under the names that pages use. All of it is in `schema.d.ts`, which `npm run types` writes from a
 * running server's OpenAPI document; here only JSON values get a type to work with, and streams, which OpenAPI can't say.
 */

import type { components } from "./schema";

type Schemas = components["schemas"];
type With<T, Fields> = Omit<T, keyof Fields> & Fields;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Period = "10m" | "1h" | "24h" | "7d";

export type Snippet = Schemas["Snippet"];
export type CatalogSource = Schemas["CatalogSource"];
export type FormField = With<Schemas["FormField"], { default?: Json; choices: string[] }>;
export type FieldType = FormField["type"];
export type CatalogDestination = With<Schemas["CatalogDestination"], { fields: FormField[] }>;

export type WriteKey = With<Schemas["WriteKey"], { expires_at: string | null }>;
export type Source = With<Schemas["Source"], { keys: WriteKey[]; last_event_at: string | null }>;
export type NewSource = Partial<Schemas["NewSource"]> & Pick<Schemas["NewSource"], "kind" | "name">;
export type SourceChange = Schemas["SourceChange"];
export type CountPoint = Schemas["CountPoint"];
export type SchemaEvent = Schemas["SchemaEvent"];
export type SchemaProperty = Schemas["SchemaProperty"];
export type SchemaEventDetail = Schemas["SchemaEventDetail"];
export type SourceOverview = With<Schemas["SourceOverview"], { source: Source }>;
export type DebugEvent = With<Schemas["DebugEvent"], { raw: Json }>;
export type ArrivalStatus = DebugEvent["status"];
export type Rejection = With<Schemas["Rejection"], { resent_at: string | null }>;

/** One message of the debugger's live stream. */
export interface Arrivals {
  events: DebugEvent[];
  skipped: number;
}

export type Destination = With<Schemas["Destination"], { settings: Record<string, Json>; p95_millis: number | null }>;
export type NewDestination = With<Partial<Schemas["NewDestination"]>, { settings: Record<string, Json> }> &
  Pick<Schemas["NewDestination"], "kind" | "name" | "sources">;
export type DestinationChange = With<Schemas["DestinationChange"], { settings?: Record<string, Json> }>;
export type DeliverySample = Schemas["DeliverySample"];
export type Outcome = DeliverySample["outcome"];
export type DestinationOverview = With<Schemas["DestinationOverview"], { destination: Destination }>;
export type DeadLetter = With<Schemas["DeadLetter"], { event: Json }>;
export type TestResult = Schemas["TestResult"];

export type Column = Schemas["Column"];
export type QueryResult = With<Schemas["QueryResult"], { rows: Json[][] }>;
export type TableInfo = Schemas["TableInfo"];
export type Sync = Schemas["Sync"];
export type WarehouseStatus = Schemas["WarehouseStatus"];

export type PipelineNode = Schemas["PipelineNode"];
export type NodeKind = PipelineNode["kind"];
export type LogStatus = Schemas["LogStatus"];
export type Pipeline = Schemas["Pipeline"];

export type Health = Schemas["Health"];
export type Me = Schemas["Me"];
export type Setup = Schemas["Setup"];
export type User = Schemas["User"];
export type NewUserLink = Schemas["NewUserLink"];
export type Token = Schemas["Token"];
export type TokenSecret = Schemas["TokenSecret"];
export type ServerSetting = Schemas["ServerSettings"];

export type MessageRow = Schemas["MessageRow"];
export type MessageState = MessageRow["state"];
export type MessageStep = With<Schemas["MessageStep"], { data: Record<string, Json> }>;
export type MessageDetail = With<Schemas["MessageDetail"], { steps: MessageStep[]; body: Record<string, Json> }>;
export type Broadcast = With<Schemas["BroadcastView"], { progress: Record<string, number> }>;
export type NewBroadcast = Schemas["NewBroadcast"];
export type Suppression = Schemas["SuppressionView"];
export type Report = Schemas["ReportView"];
export type ReportContact = Schemas["ReportContact"];
