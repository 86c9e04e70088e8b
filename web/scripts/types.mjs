// SPDX-License-Identifier: Apache-2.0
// Makes src/api/schema.ts from the OpenAPI of the server that BASE_URL names. Only the
// shapes are taken: paths would be ten times as much and these pages name them as text.
// openapi-typescript needs TypeScript's older API, so that both are fetched for the run.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const base = process.env.BASE_URL ?? "http://127.0.0.1:8080";
const folder = mkdtempSync(join(tmpdir(), "hientruong-types-"));
try {
  const document_ = await (await fetch(`${base}/openapi.json`)).json();
  const input = join(folder, "openapi.json");
  const output = join(folder, "schema.ts");
  writeFileSync(input, JSON.stringify(plain({ ...document_, paths: {} })));
  execFileSync("npx", ["--yes", "-p", "typescript@5.9", "-p", "openapi-typescript@7.13.0", "openapi-typescript", input, "-o", output], { stdio: "inherit" });
  const text = readFileSync(output, "utf8").replace(/^\/\*\*[\s\S]*?\*\/\n/, "");
  writeFileSync(new URL("../src/api/schema.ts", import.meta.url), `// SPDX-License-Identifier: Apache-2.0\n// Made by "npm run types" from /openapi.json; not to be edited.\n${text}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The document without what only people read; a list is never null in an answer, though the document allows it. */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key, v]) => !((key === "description" || key === "$schema") && (typeof v === "string" || v?.format === "uri")) && key !== "examples" && key !== "example" && key !== "default");
  const out = Object.fromEntries(kept.map(([key, v]) => [key, plain(v)]));
  if (Array.isArray(out.type) && out.type.includes("array")) out.type = "array";
  return out;
}
