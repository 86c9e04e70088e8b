// SPDX-License-Identifier: Apache-2.0
// The shapes of the HTTP contract that these pages use. Times are RFC 3339 UTC, places
// WGS84 degrees. Whatever is not named here is ignored.

export type Lang = "vi" | "en";
export type Phase = "received" | "working" | "answered" | "ended";
export type PhotoKind = "before" | "after" | "document";

export interface FieldProblem {
  location: string;
  code: string;
  params?: Record<string, unknown>;
  message: string;
}

/** An RFC 9457 problem document. */
export interface Problem {
  title: string;
  status: number;
  code: string;
  detail?: string;
  request_id?: string;
  errors?: FieldProblem[];
}

export interface List<T> {
  items: T[];
  next_cursor?: string | null;
}

export interface Config {
  jurisdiction: { id: string; name: string; bbox: [number, number, number, number] };
  zone: string;
  languages: Lang[];
  limits: { photos: number; photo_bytes: number; photo_pixels: number; description: number };
  emergency_numbers?: Array<string | { number: string; name?: string; label?: string }>;
  banner?: string | null;
  guest_reports?: boolean;
}

export interface Option {
  key: string;
  name: string;
}

export interface AttributeDef {
  code: string;
  type: string;
  required?: boolean;
  label: string;
  help?: string;
  options?: Option[];
}

export interface Category {
  code: string;
  name: string;
  icon?: string;
  group?: string | { code: string; name: string; icon?: string };
  attributes?: AttributeDef[];
  children?: Category[];
}

export interface Area {
  id: string | number;
  code: string;
  name: string;
  kind?: string;
}

export interface Unit {
  code: string;
  name: string;
  kind?: string;
}

export interface Place {
  lat?: number;
  lon?: number;
  accuracy_m?: number;
  source?: "gps" | "photo" | "pin" | "address" | "words";
  area_id?: string | number;
  words?: string;
}

export interface Submission {
  category?: string;
  description: string;
  location?: Place;
  attributes?: Record<string, string>;
  observed_at: string;
  address?: string;
  language: Lang;
  urgent?: boolean;
  hide_name?: boolean;
  reporter?: { name?: string; phone?: string };
  channel: "web";
  sos?: { people?: number; water_level?: string; battery?: number; callback?: string };
}

export interface Photo {
  id: string;
  kind: PhotoKind;
  status: "pending" | "ready" | "refused";
  reason?: string | null;
  thumb_url?: string | null;
  view_url?: string | null;
  alt?: string | null;
}

export interface Deadline {
  kind: string;
  due_at: string;
  met?: boolean | null;
  paused?: boolean;
  remaining_working_s?: number | null;
  wall_s?: number | null;
}

/** What a reporter wrote. Marks are personal data, in UTF-16 code units. */
export interface OriginalText {
  text: string;
  marks?: Array<{ start: number; end: number; kind: string }>;
}

export interface Report {
  id: string;
  code: string;
  state: string;
  phase: Phase;
  state_label: string;
  category?: { code: string; name: string; icon?: string } | null;
  description?: string;
  /** What the reporter wrote, with the private parts marked; shown to those who may see it. */
  original_text?: OriginalText;
  location?: { lat: number; lon: number; precision?: string } | null;
  area?: { id: string | number; code: string; name: string } | null;
  address?: string;
  unit?: { code: string; name: string } | null;
  urgent?: boolean;
  deadlines?: Deadline[];
  photos?: Photo[];
  answer?: string | null;
  outcome?: string | null;
  rating?: { level: string; comment?: string } | null;
  /** Who of the operations centre has it in hand. */
  claim?: { by: string; name?: string; until: string } | null;
  created_at: string;
  updated_at?: string;
  version?: number;
}

export interface TimelineItem {
  pos: number;
  at: string;
  kind: string;
  state?: string;
  state_label?: string;
  unit?: { code: string; name: string } | null;
  text?: string | null;
  photos?: Photo[];
}

export interface Demand {
  field: string;
  type: string;
  required?: boolean;
  min_length?: number;
  options?: Array<string | { key?: string; code?: string; name?: string; label?: string }>;
}

export interface OfferedAction {
  name: string;
  label: string;
  task_id?: string | null;
  version?: number;
  /** What people usually do here. */
  primary?: boolean;
  demands?: Demand[];
}

export interface Notification {
  id: string;
  at: string;
  kind: string;
  report_id?: string | null;
  title: string;
  body: string;
  link?: string | null;
  read_at?: string | null;
}

export interface InboxItem {
  report: Report;
  task_id?: string | null;
  due_at?: string | null;
  remaining_working_s?: number | null;
  overdue?: boolean;
}

export interface SignedIn {
  token: string;
  expires_at?: string;
  refresh_token?: string;
  actor?: { id?: string; name?: string; roles?: string[]; role?: string; unit?: string };
}

export interface DemoAccount {
  login: string;
  password: string;
  role: string;
  unit?: string | null;
}
