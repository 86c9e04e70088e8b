// SPDX-License-Identifier: Apache-2.0
import type { AttributeDef, FieldProblem, Lang, Place, Submission } from "../api/types";
import { readJSON, writeJSON, type Store } from "./store";

/** The two things a citizen can write: an ordinary report and a call for help. */
export type Slot = "report" | "sos";

/** How the place is given. */
export type PlaceMode = "gps" | "pin" | "area" | "words";

/** What was typed so far, as it was typed. */
export interface Draft {
  placeMode: PlaceMode;
  gps: { lat: number; lon: number; accuracy_m: number } | null;
  lat: string;
  lon: string;
  area: string;
  words: string;
  category: string;
  attributes: Record<string, string>;
  description: string;
  name: string;
  phone: string;
  hideName: boolean;
  urgent: boolean;
  people: string;
  water: string;
  battery: string;
  photoIds: string[];
}

/** A draft with nothing typed yet. */
export function emptyDraft(): Draft {
  return {
    placeMode: "gps", gps: null, lat: "", lon: "", area: "", words: "",
    category: "", attributes: {}, description: "", name: "", phone: "", hideName: false, urgent: false,
    people: "", water: "", battery: "", photoIds: [],
  };
}

/** Reads the draft back; fields that an older page did not know are filled in. */
export function loadDraft(store: Store, slot: Slot): Draft {
  return { ...emptyDraft(), ...readJSON<Partial<Draft>>(store, `ht.draft.${slot}`) };
}

/** Keeps the draft; null forgets it. */
export function saveDraft(store: Store, slot: Slot, draft: Draft | null): boolean {
  return writeJSON(store, `ht.draft.${slot}`, draft);
}

/** A decimal number as people type it, with a comma or a point; undefined when it is none. */
export function typedNumber(text: string): number | undefined {
  const clean = text.trim().replace(",", ".");
  if (clean === "") return undefined;
  const value = Number(clean);
  return Number.isFinite(value) ? value : undefined;
}

/** The place of a draft; undefined when it is not given yet. */
export function placeOf(draft: Draft): Place | undefined {
  switch (draft.placeMode) {
    case "gps":
      return draft.gps ? { ...draft.gps, source: "gps" } : undefined;
    case "pin": {
      const lat = typedNumber(draft.lat);
      const lon = typedNumber(draft.lon);
      return lat === undefined || lon === undefined ? undefined : { lat, lon, source: "pin" };
    }
    case "area":
      return draft.area === "" ? undefined : { area_id: areaId(draft.area) };
    case "words":
      return draft.words.trim() === "" ? undefined : { words: draft.words.trim() };
  }
}

/** A draft keeps an area's id as JSON, so that a number goes back as a number. */
function areaId(json: string): string | number {
  try {
    return JSON.parse(json) as string | number;
  } catch {
    return json;
  }
}

/** The attributes that were filled in. All travel as strings: numbers in decimal with a point, bools as "true" and "false". */
export function attributesOf(draft: Draft, defs: readonly AttributeDef[]): Record<string, string> {
  const out: Record<string, string> = {};
  for (const def of defs) {
    const value = draft.attributes[def.code]?.trim() ?? "";
    if (value === "") continue;
    const number = attributeKind(def) === "number" ? typedNumber(value) : undefined;
    out[def.code] = number === undefined ? value : String(number);
  }
  return out;
}

/** What kind of control an attribute needs. A type these pages do not know is a text, or a choice where it has options. */
export function attributeKind(def: AttributeDef): "text" | "number" | "bool" | "select" {
  if (def.type === "bool" || def.type === "number" || def.type === "select") return def.type;
  return (def.options?.length ?? 0) > 0 ? "select" : "text";
}

/** The request's body. `defs` are the chosen category's attributes. */
export function submissionOf(slot: Slot, draft: Draft, defs: readonly AttributeDef[], language: Lang, now: Date): Submission {
  const place = placeOf(draft);
  const reporter = { ...(draft.name.trim() ? { name: draft.name.trim() } : {}), ...(draft.phone.trim() ? { phone: draft.phone.trim() } : {}) };
  const common: Submission = {
    description: draft.description.trim(),
    observed_at: now.toISOString(),
    language,
    channel: "web",
    ...(place ? { location: place } : {}),
    ...(Object.keys(reporter).length > 0 ? { reporter } : {}),
  };
  if (slot === "sos") return { ...common, urgent: true, sos: sosOf(draft) };
  const attributes = attributesOf(draft, defs);
  return {
    ...common,
    category: draft.category,
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    ...(draft.urgent ? { urgent: true } : {}),
    ...(draft.hideName ? { hide_name: true } : {}),
  };
}

function sosOf(draft: Draft): NonNullable<Submission["sos"]> {
  const people = typedNumber(draft.people);
  const battery = typedNumber(draft.battery);
  return {
    ...(people !== undefined ? { people } : {}),
    ...(draft.water ? { water_level: draft.water } : {}),
    ...(battery !== undefined ? { battery } : {}),
    ...(draft.phone.trim() ? { callback: draft.phone.trim() } : {}),
  };
}

/** Words for what is missing, in the reader's language. */
export interface MissingWords {
  place: string;
  category: string;
  description: string;
  attribute: string;
  tooLong: string;
}

/** What is plainly missing, found before anything is sent. The server has the last word. A call for help may lack a place. */
export function missing(slot: Slot, draft: Draft, defs: readonly AttributeDef[], limit: number, words: MissingWords): FieldProblem[] {
  const out: FieldProblem[] = [];
  const add = (location: string, code: string, message: string) => out.push({ location: `body.${location}`, code, message });
  if (slot === "report" && !placeOf(draft)) add("location", "place_missing", words.place);
  if (slot === "report" && draft.category === "") add("category", "required", words.category);
  const filled = attributesOf(draft, defs);
  for (const def of defs) {
    if (slot === "report" && def.required && filled[def.code] === undefined) add(`attributes.${def.code}`, "attribute_missing", words.attribute);
  }
  if (draft.description.trim() === "") add("description", "required", words.description);
  else if ([...draft.description].length > limit) add("description", "too_long", words.tooLong);
  return out;
}
