// SPDX-License-Identifier: Apache-2.0
import { photo } from "./checks.mjs";

const dirty = "Nước máy đục từ sáng nay, cần gấp xin gọi 0912 345 678, xe tải 75C-123.45 đậu trước nhà.";

/** Signs in by the demo's button of a log-in. */
export async function enter(page, login) {
  await page.locator(".accounts button").first().waitFor();
  const unit = login.includes(".") ? login.split(".")[1] : "";
  if (unit && unit !== "ioc") await page.locator("[data-field=desk-unit]").selectOption(unit);
  await page.locator(".accounts button", { hasText: login }).click();
  await page.locator(".rooms").waitFor();
}

/** Presses keys and counts them. */
function counted(page) {
  let count = 0;
  const press = async (key) => {
    count++;
    await page.keyboard.press(key);
  };
  return { press, count: () => count };
}

/** Triage by keyboard alone: take, accept; reject with a reason; what was begun is kept. */
export async function operatorStory({ check, open, accessible, look, api }) {
  console.log("The operations centre triages by keyboard");
  const first = await api.file(dirty);
  const second = await api.file("Ngập sâu trước chợ từ đêm qua");
  const { context, page } = await open("/console", { viewport: { width: 1280, height: 900 } });
  await page.locator(".accounts button").first().waitFor();
  await look(page, "console-1280-door");
  await accessible(page, "console: the door");
  await enter(page, "truc-ban");
  await page.locator(".item").first().waitFor();
  await page.evaluate(() => document.activeElement?.blur());
  await look(page, "console-1280-queue");
  await accessible(page, "console: queue");
  await takeUntil(page, first.code);
  await claimed(page);
  const keys = counted(page);
  await page.locator(".offers kbd").first().waitFor();
  await look(page, "console-1280-report");
  await accessible(page, "console: report");
  await keys.press("a");
  const redacted = await page.locator("[data-field=redacted_text]").inputValue();
  check("the phone number and the plate are covered in what is proposed", !redacted.includes("0912") && !redacted.includes("123.45"), redacted);
  check("the focus stands on the button that sends", await page.evaluate(() => document.activeElement?.getAttribute("type") === "submit"));
  await look(page, "console-1280-accept");
  await accessible(page, "console: accepting");
  await keys.press("Enter");
  await page.getByText("Đã xong: Tiếp nhận").waitFor();
  check(`a plain accept takes ${keys.count() + 1} keys with taking it`, keys.count() + 1 <= 3);
  await page.locator(".pane-side h2", { hasText: "Vì sao tới đơn vị này" }).waitFor({ timeout: 20_000 });
  await look(page, "console-1280-accepted");
  await rejectAndKeep({ page, check, look, accessible }, second);
  await context.close();
  await oneEach({ check, open, api });
}

/** Takes the next report until it is the one that is wanted; others are put back. */
async function takeUntil(page, code) {
  for (let i = 0; i < 60; i++) {
    const before = page.url();
    await page.keyboard.press("t");
    await page.waitForFunction((url) => location.href !== url, before);
    await page.locator(".pane-facts").waitFor();
    if ((await page.locator(".pane-facts").textContent()).includes(code)) return;
  }
  throw new Error(`${code} was never taken`);
}

/** Lets the pack's own first step be taken where it has one. */
async function claimed(page) {
  await page.locator(".offers button, .steps-box .quiet").first().waitFor();
  await page.locator(".offers .button", { hasText: "Tiếp nhận" }).first().waitFor({ timeout: 10_000 });
}

async function rejectAndKeep({ page, check, look, accessible }, report) {
  await takeUntil(page, report.code);
  await claimed(page);
  await page.keyboard.press("r");
  await page.keyboard.press("Control+Enter");
  await page.locator(".field-wrong").first().waitFor();
  await look(page, "console-1280-reject-faults");
  await accessible(page, "console: a form with faults");
  await page.locator("[data-field=reason_code]").selectOption({ index: 1 });
  await page.locator("textarea[data-field=text]").fill("Việc này đã có đơn vị khác đang làm rồi.");
  await page.keyboard.press("Escape");
  await page.evaluate(() => Object.keys(sessionStorage).filter((k) => k === "ht.staff").forEach((k) => sessionStorage.removeItem(k)));
  await page.reload();
  await page.getByText("Phiên làm việc đã hết").waitFor();
  await enter(page, "truc-ban");
  await page.locator(".pane-facts", { hasText: report.code }).waitFor();
  await page.getByText("đang viết dở").waitFor();
  await page.keyboard.press("r");
  check("what was written is there after the session ended", (await page.locator("textarea[data-field=text]").inputValue()).startsWith("Việc này đã có"));
  await page.keyboard.press("Control+Enter");
  await page.getByText("Đã xong: Không tiếp nhận").waitFor();
  check("rejected, by keyboard alone", true);
}

/** Two at once: nobody gets what another has. */
async function oneEach({ check, open, api }) {
  const made = [];
  for (let i = 0; i < 4; i++) made.push(await api.file(`Đường ngập lần ${i}, xin kiểm tra giúp`));
  const desks = await Promise.all(["truc-ban", "kiem-duyet"].map(async (login) => {
    const { context, page } = await open("/console", { viewport: { width: 1280, height: 900 } });
    await enter(page, login);
    await page.locator(".item").first().waitFor();
    return { context, page };
  }));
  const got = [];
  for (let i = 0; i < 2; i++) {
    await Promise.all(desks.map(({ page }) => page.keyboard.press("t")));
    await Promise.all(desks.map(({ page }) => page.locator(".pane-facts").waitFor()));
    await Promise.all(desks.map(({ page }) => page.waitForFunction((n) => (window.taken ??= new Set()).add(location.hash).size > n, i)));
    for (const { page } of desks) got.push(new URL(page.url()).hash);
  }
  check("two operators who take at once never have the same report", new Set(got).size === got.length, got.join(" "));
  await Promise.all(desks.map(({ context }) => context.close()));
}

/** A unit on a phone: starts, answers with a photo and a template, and sees what is left of its time. */
export async function unitStory({ check, open, accessible, look, api }) {
  console.log("A unit works from its inbox");
  const report = await api.file("Nước máy có mùi lạ cả tuần nay");
  const operator = await api.logIn("truc-ban");
  const act = async (name, body = {}) => {
    const { items } = await api.call("GET", `/reports/${report.id}/actions`, undefined, operator);
    const offer = items.find((a) => a.name === name);
    return api.call("POST", `/reports/${report.id}/actions/${name}`, body, operator, { "If-Match": `"${offer.version}"` });
  };
  await act("claim");
  await act("accept", { redacted_text: "Nước máy có mùi lạ cả tuần nay" });
  const seen = await assigned(api, report.id, operator);
  const { context, page } = await open("/console", { viewport: { width: 360, height: 740 } });
  await enter(page, `xu-ly.${seen.unit.code}`);
  await page.locator(".item").first().waitFor();
  await look(page, "console-360-inbox");
  await accessible(page, "console: inbox on a phone");
  await page.locator(".item", { hasText: "mùi lạ" }).first().click();
  await page.getByRole("button", { name: "Bắt đầu xử lý" }).waitFor();
  await look(page, "console-360-report");
  await accessible(page, "console: report on a phone");
  await page.getByRole("button", { name: "Bắt đầu xử lý" }).click();
  await page.getByRole("button", { name: "Xác nhận" }).click();
  await page.getByText("Đã xong: Bắt đầu xử lý").waitFor();
  await page.getByRole("button", { name: "Nộp kết quả" }).click();
  await page.locator("textarea[data-field=text]").waitFor();
  check("the form stands in sight on a phone", await page.locator(".action-form h3").evaluate((e) => e.getBoundingClientRect().top < innerHeight));
  await page.locator(".templates summary").click();
  await page.locator(".templates .card").first().click();
  check("a template is put in and not sent", (await page.locator("textarea[data-field=text]").inputValue()).length > 30);
  await page.locator("[data-field=outcome]").selectOption("fixed");
  const picture = { ...photo, name: "sau.png", buffer: await drawn(page) };
  await context.setOffline(true);
  await page.locator("input[type=file][data-field=photo_ids]").setInputFiles([picture]);
  await page.getByText("sẽ gửi khi có mạng").waitFor();
  await page.getByText("Mất mạng.").waitFor();
  await look(page, "console-360-no-network");
  await context.setOffline(false);
  await page.getByText("✓ Sau khi xử lý").waitFor();
  await look(page, "console-360-answer");
  await accessible(page, "console: answering on a phone");
  await page.getByRole("button", { name: "Xác nhận" }).click();
  await page.getByText("Đã xong: Nộp kết quả").waitFor();
  const after = await api.call("GET", `/reports/${report.id}`, undefined, operator);
  check("the answer stands with its photo", after.state === "resolved" && after.photos.some((p) => p.kind === "after"), after.state);
  await context.close();
}

async function assigned(api, id, token) {
  for (let i = 0; i < 100; i++) {
    const seen = await api.call("GET", `/reports/${id}`, undefined, token);
    if (seen.state === "assigned") return seen;
    await new Promise((go) => setTimeout(go, 200));
  }
  throw new Error(`${id} was never assigned`);
}

async function drawn(page) {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 800, height: 600 });
    const c = canvas.getContext("2d");
    c.fillStyle = "#5b8f7d";
    c.fillRect(0, 0, 800, 600);
    c.fillStyle = "#ffffff";
    c.fillRect(100, 250, 600, 60);
    return canvas.toDataURL("image/png");
  });
  return Buffer.from(url.split(",")[1], "base64");
}

/** The rules as pictures, and where a report would go. */
export async function administratorStory({ check, open, accessible, look }) {
  console.log("An administrator reads the rules");
  const { context, page } = await open("/console", { viewport: { width: 1280, height: 900 } });
  await enter(page, "quan-tri");
  await page.locator(".graph svg").first().waitFor();
  await look(page, "console-1280-rules");
  await accessible(page, "console: rules");
  await page.locator(".graph-pick select").first().selectOption({ label: "Đang xử lý" });
  check("a state shows the steps that lead from and to it", (await page.locator(".graph").first().locator(".ways li").count()) > 3);
  await page.locator("[data-field=category]").selectOption({ index: 5 });
  await page.locator("[data-field=location]").selectOption({ index: 2 });
  await page.getByRole("button", { name: "Hỏi", exact: true }).click();
  await page.locator(".try .answer").waitFor();
  await page.locator(".try").scrollIntoViewIfNeeded();
  await look(page, "console-1280-try");
  check("the routing tester says where and why", (await page.locator(".try .answer").textContent()).includes("Theo quy tắc"));
  await accessible(page, "console: routing tester");
  await page.setViewportSize({ width: 360, height: 740 });
  await look(page, "console-360-rules");
  await context.close();
}

/** Dark, English, high contrast, large, wall-wide, without a network, with nothing to show. */
export async function looksOfConsole({ check, open, accessible, look }) {
  console.log("How the console looks");
  for (const [name, options] of [["dark", { colorScheme: "dark" }], ["wall", { viewport: { width: 3840, height: 2160 } }]]) {
    const { context, page } = await open("/console", { viewport: { width: 1280, height: 900 }, ...options });
    await enter(page, "truc-ban");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("button", { name: "All", exact: true }).click();
    await page.locator(".item").nth(5).waitFor();
    await page.locator(".item").nth(2).click();
    await page.locator(".steps-box button").first().waitFor();
    await look(page, `console-${name}`);
    await accessible(page, `console: ${name}, English`);
    if (name === "dark") await rest({ check, context, page, look, accessible });
    await context.close();
  }
}

async function rest({ check, context, page, look, accessible }) {
  await page.getByRole("button", { name: "High contrast" }).click();
  await accessible(page, "console: high contrast, dark");
  await look(page, "console-contrast");
  await page.getByRole("button", { name: "High contrast" }).click();
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await look(page, "console-keys");
  await accessible(page, "console: keys");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Large text" }).click();
  await page.setViewportSize({ width: 640, height: 450 });
  await look(page, "console-zoomed");
  await page.getByRole("button", { name: "Normal text" }).click();
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(new URL("/console#/queue?view=all&q=khongcochunaynhuthe", page.url()).href);
  await page.getByText("No report matches.").waitFor();
  await look(page, "console-empty");
  await context.setOffline(true);
  await page.getByText("No network.").waitFor();
  check("without a network it is said", true);
  await page.getByRole("button", { name: "Overdue" }).click();
  await page.getByRole("alert").waitFor();
  check("what could not be read is not called empty", (await page.getByText("Nothing is overdue.").count()) === 0);
  await look(page, "console-offline");
  await accessible(page, "console: offline");
}
