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
export type MessageMail = Schemas["MessageMail"];
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

export type ContactRow = With<Schemas["ContactRow"], { traits: Record<string, Json> }>;
export type ContactPage = With<Schemas["ContactPage"], { contacts: ContactRow[] }>;
export type ContactCount = Schemas["ContactCount"];
export type Contact = With<Schemas["Contact"], { traits: Record<string, Json>; mail: Record<string, number> }>;
export type Subscription = Schemas["ContactRow"]["subscription"];
export type IdentityKind = Schemas["ContactIdentity"]["kind"];
export type TraitCondition = With<Schemas["TraitCondition"], { value: string }>;
export type TimelineEntry = With<Schemas["TimelineEntry"], { data: Record<string, Json> }>;
export type Timeline = With<Schemas["Timeline"], { entries: TimelineEntry[] }>;
export type ContactList = Schemas["ContactList"];
export type ContactImport = With<Schemas["ContactImport"], { columns: ImportColumn[] }>;
export type ImportColumn = With<Schemas["ImportColumn"], { trait: string; type: ImportType }>;
export type ImportTo = Schemas["ImportColumn"]["to"];
export type ImportType = NonNullable<Schemas["ImportColumn"]["type"]>;
export type ImportForm = Schemas["ImportForm"];
export type ImportSamples = Schemas["ImportSamples"];
export type RefusedRow = Schemas["RefusedRow"];
export type SegmentGroup = Schemas["Group"];
export type SegmentCondition = Exclude<SegmentGroup["of"][number], SegmentGroup>;
export type SegmentTrait = Schemas["Trait"];
export type SegmentProperty = Schemas["Property"];
export type SegmentEvent = Schemas["Event"];
export type SegmentEmail = Schemas["EmailCondition"];
export type SegmentOp = Schemas["Op"];
export type SegmentWhen = NonNullable<SegmentEvent["when"]>;
export type SegmentTimes = Schemas["Count"];
export type Segment = Schemas["Segment"];
export type NewSegment = { name: string; definition: SegmentGroup; streams?: boolean };
export type SegmentChange = Partial<NewSegment>;
export type SegmentCount = Schemas["SegmentCount"];
export type SegmentMember = Schemas["SegmentMember"];
export type SegmentHour = Schemas["SegmentHour"];
export type SegmentWhy = Schemas["SegmentWhy"];
export type SegmentSuggestions = Schemas["SegmentSuggestions"];
export type SuggestedField = Schemas["SuggestedField"];
export type SuggestedThing = Schemas["SuggestedThing"];
export type SegmentPeriod = "24h" | "7d" | "30d";
type Maybe<T, Names extends keyof T> = With<T, { [Name in Names]: NonNullable<T[Name]> | null }>;
export type TemplateSummary = Maybe<Schemas["TemplateSummary"], "topic" | "version" | "published_at">;
export type Template = Maybe<Schemas["Template"], "topic_id" | "version" | "published_at">;
export type NewTemplate = Partial<Schemas["NewTemplate"]> & Pick<Schemas["NewTemplate"], "name">;
export type TemplateChange = Schemas["TemplateChange"];
export type TemplateVersion = Schemas["TemplateVersion"];
export type TemplateSample = Maybe<Schemas["TemplateSample"], "message_id">;
export type TemplateProblem = With<Schemas["TemplateProblem"], { line: number | null }>;
export type TemplatePreview = With<Schemas["TemplatePreview"], { problems: TemplateProblem[] }>;
export type PreviewAsk = Schemas["PreviewAsk"];
export type PreviewPerson = Schemas["PreviewPerson"];
export type Topic = Schemas["Topic"];
export type SegmentSyncKey = With<Schemas["SegmentSyncKey"], { used_at: string | null; expires_at: string | null }>;
export type SegmentSync = With<Schemas["SegmentSync"], { keys: SegmentSyncKey[] }>;
export type MessageRow = Schemas["MessageRow"];
export type MessageState = MessageRow["state"];
export type MessageStep = With<Schemas["MessageStep"], { data: Record<string, Json> }>;
export type MessageDetail = With<Schemas["MessageDetail"], { steps: MessageStep[]; body: Record<string, Json> }>;
export type Broadcast = With<Schemas["BroadcastView"], { progress: Record<string, number> }>;
export type NewBroadcast = Schemas["NewBroadcast"];
export type Suppression = Schemas["SuppressionView"];
export type Report = Schemas["ReportView"];
export type ReportContact = Schemas["ReportContact"];
