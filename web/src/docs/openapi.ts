// SPDX-License-Identifier: Apache-2.0

/** A JSON Schema as OpenAPI 3.1 uses it; `type` may be a list there. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  title?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  example?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
}

export interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}

export interface Body {
  $ref?: string;
  description?: string;
  required?: boolean;
  content?: Record<string, { schema?: Schema; example?: unknown }>;
}

interface RawOperation {
  tags?: string[];
  summary?: string;
  description?: string;
  operationId?: string;
  deprecated?: boolean;
  parameters?: Parameter[];
  requestBody?: Body;
  responses?: Record<string, Body>;
  security?: Array<Record<string, string[]>>;
}

export interface Document {
  info: { title: string; version: string; description?: string };
  servers?: Array<{ url: string }>;
  tags?: Array<{ name: string; description?: string }>;
  paths: Record<string, Record<string, unknown>>;
  components?: Record<string, Record<string, unknown>>;
  security?: Array<Record<string, string[]>>;
}

/** One call of the API. */
export interface Operation extends RawOperation {
  id: string;
  method: string;
  path: string;
  parameters: Parameter[];
}

/** The calls of one tag. */
export interface Group {
  name: string;
  description: string;
  operations: Operation[];
}

const methods = ["get", "post", "put", "patch", "delete", "head", "options"];

/** Follows `$ref` within the document; what points nowhere gives an empty object. */
export function resolve<T extends { $ref?: string }>(document: Document, value: T): T {
  let current = value;
  for (let hops = 0; current.$ref && hops < 10; hops++) {
    const steps = current.$ref.replace(/^#\//, "").split("/").map((s) => s.replace(/~1/g, "/").replace(/~0/g, "~"));
    const found = steps.reduce<unknown>((at, step) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[step] : undefined), document);
    current = (found ?? {}) as T;
  }
  return current;
}

/** The calls by tag: tags in the document's order, then those it does not list; calls without one under `other`. */
export function groupsOf(document: Document, other: string): Group[] {
  const groups = new Map<string, Group>();
  for (const tag of document.tags ?? []) groups.set(tag.name, { name: tag.name, description: tag.description ?? "", operations: [] });
  for (const [path, item] of Object.entries(document.paths)) {
    const shared = (item.parameters ?? []) as Parameter[];
    for (const method of methods) {
      const raw = item[method] as RawOperation | undefined;
      if (!raw) continue;
      const name = raw.tags?.[0] ?? other;
      const group = groups.get(name) ?? { name, description: "", operations: [] };
      groups.set(name, group);
      const parameters = [...shared, ...(raw.parameters ?? [])].map((p) => resolve(document, p));
      group.operations.push({ ...raw, method: method.toUpperCase(), path, parameters, id: raw.operationId ?? `${method}-${path.replace(/\W+/g, "-")}` });
    }
  }
  return [...groups.values()].filter((group) => group.operations.length > 0);
}

/** The groups with only those calls whose path, method or words contain every word of the filter. */
export function filtered(groups: readonly Group[], filter: string): Group[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (op: Operation) => {
    const text = `${op.method} ${op.path} ${op.summary ?? ""} ${op.description ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups.map((g) => ({ ...g, operations: g.operations.filter(matches) })).filter((g) => g.operations.length > 0);
}

/** The schema and example of a body, of its JSON form where it has one. */
export function contentOf(document: Document, body: Body | undefined): { type: string; schema: Schema; example: unknown } | null {
  const entries = Object.entries(body?.content ?? {});
  const chosen = entries.find(([type]) => type === "application/json") ?? entries.find(([type]) => type.includes("json")) ?? entries[0];
  if (!chosen) return null;
  const schema = chosen[1].schema ?? {};
  return { type: chosen[0], schema, example: chosen[1].example ?? exampleOf(document, schema) };
}

/** A type in few words: `string (uuid)`, `array of integer`, `object`. */
export function typeName(document: Document, schema: Schema): string {
  const s = resolve(document, schema);
  const types = [s.type ?? []].flat();
  if (s.const !== undefined) return JSON.stringify(s.const);
  if (types.includes("array")) return `array of ${typeName(document, s.items ?? {})}`;
  const alternatives = s.oneOf ?? s.anyOf;
  if (alternatives) return alternatives.map((a) => typeName(document, a)).join(" | ");
  const base = types.join(" | ") || (s.properties || s.allOf ? "object" : "any");
  return s.format ? `${base} (${s.format})` : base;
}

/** The properties of an object schema, those of its parts included. */
export function propertiesOf(document: Document, schema: Schema): Array<{ name: string; required: boolean; schema: Schema }> {
  const s = resolve(document, schema);
  const parts = (s.allOf ?? []).flatMap((part) => propertiesOf(document, part));
  const own = Object.entries(s.properties ?? {}).map(([name, property]) => ({ name, required: s.required?.includes(name) ?? false, schema: property }));
  return [...parts, ...own];
}

/** An example value made from a schema: its own example, else one of its type. A schema inside itself ends the value. */
export function exampleOf(document: Document, schema: Schema, seen: readonly string[] = []): unknown {
  if (schema.$ref && seen.includes(schema.$ref)) return null;
  const inside = schema.$ref ? [...seen, schema.$ref] : seen;
  const s = resolve(document, schema);
  const given = s.examples?.[0] ?? s.example ?? s.default ?? s.const ?? s.enum?.[0];
  if (given !== undefined) return given;
  const alternative = (s.oneOf ?? s.anyOf)?.[0];
  if (alternative) return exampleOf(document, alternative, inside);
  const type = [s.type ?? []].flat().find((t) => t !== "null") ?? (s.properties || s.allOf ? "object" : undefined);
  if (type === "array") return s.items ? [exampleOf(document, s.items, inside)] : [];
  if (type === "object") return Object.fromEntries(propertiesOf(document, s).map((p) => [p.name, exampleOf(document, p.schema, inside)]));
  return plainExample(type, s);
}

const formats: Record<string, string> = {
  uuid: "0198c0de-0000-7000-8000-000000000001", "date-time": "2026-11-22T08:30:00Z", date: "2026-11-22", uri: "https://example.org", email: "ten@example.org",
};

function plainExample(type: string | undefined, s: Schema): unknown {
  if (type === "integer" || type === "number") return s.minimum ?? 0;
  if (type === "boolean") return true;
  if (type === "string") return formats[s.format ?? ""] ?? "string";
  return null;
}

/** A curl command that makes a call: headers it needs, and its example body. */
export function curlOf(document: Document, op: Operation, origin: string): string {
  const query = op.parameters.filter((p) => p.in === "query" && p.required).map((p) => `${p.name}=${encodeURIComponent(String(exampleOf(document, p.schema ?? {})))}`);
  const lines = [`curl -X ${op.method} '${origin}${op.path}${query.length > 0 ? `?${query.join("&")}` : ""}'`];
  const secured = (op.security ?? document.security ?? []).length > 0;
  if (secured) lines.push(`-H "Authorization: Bearer $TOKEN"`);
  for (const p of op.parameters) {
    if (p.in !== "header") continue;
    if (p.name.toLowerCase() === "idempotency-key") lines.push(`-H "Idempotency-Key: $(uuidgen)"`);
    else if (p.name.toLowerCase() === "if-match") lines.push(`-H 'If-Match: "1"'`);
    else if (p.required) lines.push(`-H '${p.name}: ${String(exampleOf(document, p.schema ?? {}))}'`);
  }
  const content = contentOf(document, op.requestBody);
  if (content?.type.startsWith("multipart/")) {
    for (const [name, value] of Object.entries((content.example ?? {}) as Record<string, unknown>)) lines.push(`-F '${name}=${quoted(typeof value === "string" ? value : JSON.stringify(value))}'`);
  } else if (content) {
    lines.push(`-H 'Content-Type: ${content.type}'`, `-d '${quoted(JSON.stringify(content.example))}'`);
  }
  return lines.join(" \\\n  ");
}

/** Makes a text safe between single quotes of a shell. */
function quoted(text: string): string {
  return text.replace(/'/g, `'\\''`);
}
