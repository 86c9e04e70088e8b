// SPDX-License-Identifier: Apache-2.0
// Plays a citizen and a member of staff in a real browser, checks accessibility, and
// leaves pictures in e2e/shots. BASE_URL names a running server; without it the built
// pages are served with a mock. CHROMIUM names the browser.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { startMock } from "../test/mock/server.mjs";
import { checks } from "./checks.mjs";
import { citizenStory } from "./citizen.mjs";
import { realStory } from "./real.mjs";
import { staffStory } from "./staff.mjs";
import { looks } from "./looks.mjs";

const shots = new URL("./shots/", import.meta.url).pathname;
mkdirSync(shots, { recursive: true });

const mock = process.env.BASE_URL ? null : await startMock();
const base = process.env.BASE_URL ?? mock.url;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

let failed = 0;
try {
  const tools = checks(browser, base, shots);
  for (const story of [citizenStory, mock ? staffStory : realStory, looks]) {
    await story({ ...tools, mock });
  }
  failed = tools.report();
} finally {
  await browser.close();
  await mock?.stop();
}
process.exitCode = failed > 0 ? 1 : 0;
