/** The wire format, under the names that pages use. Mirrors `src/skywrite/api/schemas.py`. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Snippet {
  title: string;
  language: string;
  code: string;
}

export interface CatalogSource {
  slug: string;
  name: string;
  summary: string;
  description: string;
  categories: string[];
  icon: string;
  component: "stream";
  events: string[];
  snippets: Snippet[];
}

export type FieldType = "string" | "secret" | "integer" | "number" | "boolean" | "choice" | "list";

export interface FormField {
  name: string;
  title: string;
  description: string;
  type: FieldType;
  required: boolean;
  default?: Json;
  choices: string[];
}

export interface CatalogDestination {
  slug: string;
  name: string;
  summary: string;
  description: string;
  categories: string[];
  icon: string;
  methods: string[];
  fields: FormField[];
}

export interface WriteKey {
  key: string;
  created_at: string;
  expires_at: string | null;
}

export interface Source {
  id: string;
  kind: string;
  name: string;
  schema: string;
  write_keys: string[];
  enabled: boolean;
  labels: Record<string, string>;
  created_at: string;
  keys: WriteKey[];
  destinations: string[];
  last_event_at: string | null;
  accepted_24h: number;
  rejected_24h: number;
  duplicates_24h: number;
}

export interface NewSource {
  kind: string;
  name: string;
  labels: Record<string, string>;
  schema?: string;
}

export interface SourceChange {
  name?: string;
  enabled?: boolean;
  labels?: Record<string, string>;
}

export interface CountPoint {
  at: string;
  accepted: number;
  rejected: number;
  duplicates: number;
}

export interface SchemaEvent {
  type: string;
  event: string;
  first_seen: string;
  last_seen: string;
  count: number;
  properties: number;
}

export interface SchemaProperty {
  path: string;
  types: string[];
  first_seen: string;
  last_seen: string;
  count: number;
}

export interface SchemaEventDetail {
  event: SchemaEvent;
  properties: SchemaProperty[];
}

export interface SourceOverview {
  source: Source;
  per_second: number;
  points: CountPoint[];
  top_events: SchemaEvent[];
}

export type ArrivalStatus = "accepted" | "duplicate" | "rejected";

export interface DebugEvent {
  id: string;
  received_at: string;
  status: ArrivalStatus;
  type: string;
  name: string;
  user: string;
  raw: Json;
  code: string;
  reason: string;
}

export interface Arrivals {
  events: DebugEvent[];
  skipped: number;
}

export interface Rejection {
  id: number;
  received_at: string;
  code: string;
  reason: string;
  body: string;
  resent_at: string | null;
}

export type DestinationState = "idle" | "delivering" | "retrying" | "failing" | "disabled";

export interface Destination {
  id: string;
  kind: string;
  name: string;
  enabled: boolean;
  sources: string[];
  settings: Record<string, Json>;
  secrets_set: string[];
  created_at: string;
  state: DestinationState;
  state_reason: string;
  lag: number;
  waiting: number;
  dead: number;
  delivered_24h: number;
  failed_24h: number;
  p95_millis: number | null;
}

export interface NewDestination {
  kind: string;
  name: string;
  sources: string[];
  settings: Record<string, Json>;
  enabled?: boolean;
}

export interface DestinationChange {
  name?: string;
  enabled?: boolean;
  sources?: string[];
  settings?: Record<string, Json>;
}

export interface DeliveryPoint {
  at: string;
  delivered: number;
  retried: number;
  failed: number;
  filtered: number;
  p50_millis: number | null;
  p95_millis: number | null;
}

export type Outcome = "delivered" | "retry" | "failed";

export interface DeliverySample {
  id: number;
  at: string;
  outcome: Outcome;
  message_id: string;
  event_name: string;
  status: number | null;
  reason: string;
  millis: number;
  request: string;
  response: string;
}

export interface ErrorRow {
  reason: string;
  count: number;
}

export interface DestinationOverview {
  destination: Destination;
  points: DeliveryPoint[];
  errors: ErrorRow[];
  samples: DeliverySample[];
}

export interface DeadLetter {
  id: number;
  source: string;
  message_id: string;
  event: Json;
  attempts: number;
  status: number | null;
  reason: string;
  response: string;
  failed_at: string;
}

export interface TestResult {
  ok: boolean;
  status: number | null;
  reason: string;
  millis: number;
  request: string;
  response: string;
}

export interface Column {
  name: string;
  type: string;
}

export interface QueryResult {
  columns: Column[];
  rows: Json[][];
  truncated: boolean;
  millis: number;
}

export interface TableInfo {
  schema: string;
  name: string;
  rows: number;
  columns: Column[];
  bytes: number | null;
}

export interface Sync {
  id: number;
  started_at: string;
  millis: number;
  status: "success" | "partial" | "failure";
  events: number;
  rows: number;
  duplicates: number;
  discards: number;
  position: number;
  error: string;
  notices: string[];
}

export interface WarehouseStatus {
  path: string;
  bytes: number;
  position: number;
  head: number;
  lag: number;
  state: "idle" | "loading" | "waiting" | "failing";
  reason: string;
  last_sync: Sync | null;
  tables: number;
  rows: number;
  discards: number;
}

export type NodeKind = "source" | "log" | "warehouse" | "destination";

export interface PipelineNode {
  id: string;
  kind: NodeKind;
  name: string;
  icon: string;
  enabled: boolean;
  state: string;
  per_second: number;
  total_24h: number;
  lag: number;
  detail: string;
}

export interface PipelineEdge {
  source: string;
  target: string;
  per_second: number;
}

export interface LogStatus {
  head: number;
  oldest: number;
  bytes: number;
  max_bytes: number;
  full: boolean;
}

export interface Pipeline {
  nodes: PipelineNode[];
  edges: PipelineEdge[];
  log: LogStatus;
  at: string;
}

export interface Health {
  status: "ok" | "starting" | "failing";
  version: string;
  roles: Record<string, string>;
}

export interface Me {
  email: string;
  csrf: string;
}

export interface User {
  id: string;
  email: string;
  created_at: string;
  active: boolean;
}

export interface NewUserLink {
  user: User;
  link: string;
}

export interface Token {
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
}

export interface TokenSecret {
  token: Token;
  secret: string;
}

export interface ServerSetting {
  name: string;
  value: string;
  description: string;
}

export type Period = "10m" | "1h" | "24h" | "7d";
