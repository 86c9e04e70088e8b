// SPDX-License-Identifier: Apache-2.0

/** English, dark, large text, the keyboard alone, a failing server, and the reference. */
export async function looks({ check, open, accessible, look, mock }) {
  console.log("How it looks");
  await dark({ open, accessible, look });
  await large({ check, open, accessible, look });
  await narrowDesk({ open, accessible, look });
  await keyboard({ check, open });
  await failing({ check, open, look });
  for (const [width, height] of [[360, 740], [1280, 900]]) await reference({ check, open, accessible, look, mock }, width, height);
}

async function dark({ open, accessible, look }) {
  const { context, page } = await open("/demo#/new", { colorScheme: "dark" });
  await page.getByRole("button", { name: "English" }).click();
  await page.locator(".tiles .tile").first().waitFor();
  await page.getByRole("button", { name: "Send the report" }).click();
  await look(page, "360-dark-english");
  await accessible(page, "dark form");
  await page.goto(new URL("/demo#/sos", page.url()).href);
  await page.locator(".numbers a").first().waitFor();
  await look(page, "360-dark-sos");
  await accessible(page, "dark sos");
  await context.close();
}

async function large({ open, accessible, look }) {
  const { context, page } = await open("/demo#/new", { viewport: { width: 320, height: 640 } });
  await page.getByRole("button", { name: "Chữ lớn" }).click();
  await page.locator(".tiles .tile").first().waitFor();
  await page.locator(".tiles .tile").first().scrollIntoViewIfNeeded();
  await look(page, "320-large");
  await accessible(page, "large text");
  await context.close();
}

async function narrowDesk({ open, accessible, look }) {
  const { context, page } = await open("/demo");
  await page.getByRole("button", { name: "Cán bộ" }).click();
  await page.locator(".accounts button").first().click();
  await page.getByText("Việc của tôi").waitFor();
  await page.locator(".cards .card").first().click({ timeout: 15_000 });
  await page.locator(".report").waitFor();
  await look(page, "360-desk");
  await accessible(page, "desk on a phone");
  await context.close();
}

async function keyboard({ check, open }) {
  const { context, page } = await open("/demo");
  await page.locator(".camera").waitFor();
  const seen = [];
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const box = e.getBoundingClientRect();
      const name = e.getAttribute("aria-label") || e.textContent?.trim() || e.closest("label")?.textContent?.trim() || "";
      return { name, visible: box.width > 0 && box.bottom > 0 && box.top < innerHeight, top: box.top };
    });
    if (!at) break;
    seen.push(at);
  }
  check("the keyboard reaches each control, named and in sight", seen.length > 10 && seen.every((s) => s.visible && s.name), JSON.stringify(seen));
  check("the keyboard's order ends at SOS", seen.some((s) => s.name.includes("SOS")), seen.map((s) => s.name).join(" | "));
  console.log(`        ${seen.map((s) => s.name).join(" → ")}`);
  await context.close();
}

async function failing({ check, open, look }) {
  const { context, page } = await open("/docs");
  await page.route("**/api/v1/**", (route) => route.fulfill({ status: 500, contentType: "text/html", body: "<h1>broken</h1>" }));
  await page.goto(new URL("/demo#/mine", page.url()).href);
  await page.getByRole("alert").first().waitFor();
  check("a failing server is said in words, with a way to try again", await page.getByRole("button", { name: "Thử lại" }).first().isVisible());
  await look(page, "360-failing");
  await context.close();
}

async function reference({ check, open, accessible, look, mock }, width, height) {
  const { context, page } = await open("/docs", { viewport: { width, height } });
  await page.locator(".operation").first().waitFor();
  await page.locator(".operation summary", { hasText: "POST" }).first().click();
  await page.locator(".operation[open] pre").first().waitFor();
  await look(page, `${width}-docs`);
  await accessible(page, `reference at ${width}`);
  if (!mock) await complete(page, check);
  const calls = await page.locator(".operation").count();
  await page.getByRole("searchbox").fill("login");
  check("the reference can be filtered", (await page.locator(".operation").count()) < calls);
  const outside = await page.evaluate(() => performance.getEntriesByType("resource").filter((r) => !r.name.startsWith(location.origin) && !r.name.startsWith("data:")).map((r) => r.name));
  check("everything comes from the program itself", outside.length === 0, outside.join());
  await context.close();
}

/** Opens every call and holds it against the document it is made from. */
async function complete(page, check) {
  const lacks = await page.evaluate(async () => {
    const document_ = await (await fetch("/openapi.json")).json();
    for (const details of document.querySelectorAll(".operation")) details.open = true;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    const out = [];
    for (const [path, item] of Object.entries(document_.paths)) {
      for (const method of ["get", "post", "put", "patch", "delete"].filter((m) => item[m])) {
        const call = item[method];
        const seen = document.getElementById(call.operationId);
        const text = seen?.textContent ?? "";
        const say = (what) => out.push(`${method} ${path}: ${what}`);
        if (!text.includes(path)) say("is not there");
        for (const p of call.parameters ?? []) if (p.name && !text.includes(p.name)) say(`parameter ${p.name}`);
        for (const status of Object.keys(call.responses ?? {})) if (!text.includes(status)) say(`answer ${status}`);
        if (call.requestBody && seen.querySelectorAll("figure").length < 2) say("body");
        if (!text.includes(`curl -X ${method.toUpperCase()}`)) say("curl");
      }
    }
    return out;
  });
  check("the reference shows every call, its parameters, answers and curl", lacks.length === 0, lacks.join("; "));
}
