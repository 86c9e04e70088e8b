// SPDX-License-Identifier: Apache-2.0
import { AxeBuilder } from "@axe-core/playwright";

const picture = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

/** A photo as a file chooser would give it. */
export const photo = { name: "den-duong.png", mimeType: "image/png", buffer: picture };

/** What every story uses: pages, pictures, accessibility, and a tally of what was checked. */
export function checks(browser, base, shots) {
  const tally = { done: 0, faults: [] };
  const check = (words, good, more = "") => {
    tally.done++;
    if (good) return console.log(`  ok    ${words}`);
    tally.faults.push(words);
    console.log(`  FAULT ${words} ${more}`);
  };

  const open = async (path, options = {}) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "vi-VN", reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    page.on("pageerror", (error) => check(`no error in the page: ${error.message}`, false));
    page.on("console", (m) => {
      if (/Content Security Policy|same key/i.test(m.text())) check(`console: ${m.text()}`, false);
    });
    await page.goto(base + path);
    return { context, page };
  };

  const accessible = async (page, name) => {
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
    const words = violations.map((v) => `\n      ${v.id}: ${v.nodes.map((n) => `${n.target.join(" ")} ${n.any[0]?.message ?? ""}`).join("; ")}`);
    check(`${name}: axe finds nothing`, violations.length === 0, words.join(""));
  };

  const look = async (page, name) => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(`${name}: nothing sticks out sideways`, wide <= 0, `by ${wide} px`);
    if (/\/(demo|console)/.test(page.url())) {
      const tall = await page.evaluate(() => document.documentElement.scrollHeight - document.documentElement.clientHeight);
      check(`${name}: the page itself does not scroll`, tall <= 0, `by ${tall} px`);
    }
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: `${shots}${name}.png` });
  };

  const report = () => {
    console.log(`${tally.done} checks, ${tally.faults.length} faults; pictures in ${shots}`);
    return tally.faults.length;
  };
  return { check, open, accessible, look, report };
}
