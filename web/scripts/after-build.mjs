// SPDX-License-Identifier: Apache-2.0
// Puts the committed placeholder back, for the build empties its folder, and fails when
// a page with what it loads at once has grown beyond its budget.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const root = new URL("../dist/", import.meta.url);
const budget = 200_000;

writeFileSync(
  new URL("placeholder.html", root),
  '<!doctype html><meta charset="utf-8"><title>Hiện Trường</title><p>The web pages are not built: run <code>npm ci &amp;&amp; npm run build</code> in <code>web/</code>.</p>\n',
);

const fonts = readdirSync(new URL("assets/", root)).filter((name) => name.endsWith(".woff2"));
for (const page of ["demo.html", "docs.html", "console.html"]) {
  const html = readFileSync(new URL(page, root));
  const linked = [...html.toString().matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((m) => m[1]);
  const code = [html, ...linked.map((name) => readFileSync(new URL(name, root)))];
  const size =
    code.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0) +
    fonts.reduce((sum, name) => sum + readFileSync(new URL(`assets/${name}`, root)).length, 0);
  console.log(`${page}: ${(size / 1000).toFixed(1)} kB gzipped, fonts included`);
  if (size > budget) {
    console.error(`${page} is heavier than ${budget / 1000} kB`);
    process.exitCode = 1;
  }
}
