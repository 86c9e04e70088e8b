// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { contentOf, curlOf, exampleOf, filtered, groupsOf, propertiesOf, typeName, type Document } from "../src/docs/openapi";

const document: Document = {
  info: { title: "T", version: "1" },
  tags: [{ name: "reports" }, { name: "empty" }],
  paths: {
    "/r": {
      parameters: [{ name: "lang", in: "query", schema: { type: "string" } }],
      post: { tags: ["reports"], summary: "Files", security: [{ bearer: [] }], parameters: [{ $ref: "#/components/parameters/Key" }], requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Node" } } } } },
    },
    "/x": { get: {} },
  },
  components: {
    parameters: { Key: { name: "Idempotency-Key", in: "header", required: true } },
    schemas: {
      Node: { type: "object", required: ["name"], properties: { name: { type: "string", examples: ["it's"] }, next: { $ref: "#/components/schemas/Node" }, at: { type: ["string", "null"], format: "date-time" } } },
    },
  },
};
const post = () => groupsOf(document, "Other")[0]!.operations[0]!;

describe("the reference", () => {
  it("lists calls by tag, and those without one apart", () => {
    expect(groupsOf(document, "Other").map((g) => [g.name, g.operations.map((o) => `${o.method} ${o.path}`)])).toEqual([["reports", ["POST /r"]], ["Other", ["GET /x"]]]);
    expect(post().parameters.map((p) => p.name)).toEqual(["lang", "Idempotency-Key"]);
    expect(filtered(groupsOf(document, "Other"), "post FILES")).toHaveLength(1);
    expect(filtered(groupsOf(document, "Other"), "nothing")).toEqual([]);
  });

  it("makes an example of a schema that holds itself", () => {
    expect(contentOf(document, post().requestBody)?.example).toEqual({ name: "it's", next: null, at: "2026-11-22T08:30:00Z" });
    expect(exampleOf(document, { $ref: "#/nowhere" })).toBeNull();
  });

  it("names types and properties", () => {
    expect(typeName(document, { type: "array", items: { type: "integer" } })).toBe("array of integer");
    expect(typeName(document, { anyOf: [{ type: "string" }, { type: "null" }] })).toBe("string | null");
    expect(propertiesOf(document, { allOf: [{ $ref: "#/components/schemas/Node" }], properties: { extra: {} } }).map((p) => p.name)).toEqual(["name", "next", "at", "extra"]);
  });

  it("gives a curl command that a shell reads as it stands", () => {
    const curl = curlOf(document, post(), "http://h");
    expect(curl).toContain("curl -X POST 'http://h/r'");
    expect(curl).toContain('-H "Authorization: Bearer $TOKEN"');
    expect(curl).toContain('-H "Idempotency-Key: $(uuidgen)"');
    expect(curl).toContain(`"name":"it'\\''s"`);
  });
});
