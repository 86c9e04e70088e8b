// SPDX-License-Identifier: Apache-2.0
// Plays the operations centre, a unit and an administrator at the console of a running
// demo (BASE_URL), with the keyboard alone where they would, and leaves pictures in
// e2e/shots. CHROMIUM names the browser.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { checks } from "./checks.mjs";
import { administratorStory, looksOfConsole, operatorStory, unitStory } from "./consoleStories.mjs";
import { api } from "./demoApi.mjs";

const base = process.env.BASE_URL;
if (!base) {
  console.log("console.mjs: skipped, for BASE_URL names no running demo");
  process.exit(0);
}
const shots = new URL("./shots/", import.meta.url).pathname;
mkdirSync(shots, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
let failed = 0;
try {
  const tools = { ...checks(browser, base, shots), api: api(base) };
  for (const story of [operatorStory, unitStory, administratorStory, looksOfConsole]) await story(tools);
  failed = tools.report();
} finally {
  await browser.close();
}
process.exitCode = failed > 0 ? 1 : 0;
