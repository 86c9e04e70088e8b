// SPDX-License-Identifier: Apache-2.0
import { photo } from "./checks.mjs";

const text = "Đèn đường trước nhà số 12 không sáng từ ba đêm nay, trẻ con đi học về rất nguy hiểm. Nghiêng ngả, ướt đẫm, khuỷu tay, nguệch ngoạc.";

/** Chooses the first category there is and answers what it asks. */
async function chooseCategory(page) {
  await page.locator(".tiles button.tile").nth(1).click();
  await page.locator(".tiles label.tile").first().click();
  const section = page.locator("section[aria-labelledby=what-title]");
  for (const select of await section.locator("select").all()) await select.selectOption({ index: 1 });
  for (const input of await section.locator("input[inputmode=decimal]").all()) await input.fill("2,0");
}

/** From an empty form to a code, through errors, a reload, a lost answer and no network. */
export async function citizenStory({ check, open, accessible, look, mock }) {
  console.log("A citizen files a report");
  const { context, page } = await open("/demo");
  await page.getByRole("heading", { name: "Thấy. Chụp. Gửi." }).waitFor();
  await look(page, "360-home");
  await accessible(page, "home");
  await page.getByRole("button", { name: "Viết không cần ảnh" }).click();
  await page.getByRole("button", { name: "Gửi phản ánh" }).click();
  await page.getByRole("alert").waitFor();
  check("the first fault has the focus", (await page.evaluate(() => document.activeElement?.getAttribute("data-field"))) === "location");
  check("the first fault is in sight", await inSight(page));
  await look(page, "360-faults");
  await accessible(page, "form with faults");
  await fill(page);
  check("a fault goes as soon as it is mended", (await page.locator(".error").count()) === 0);
  await look(page, "360-form");
  await page.reload();
  await page.getByLabel("Mô tả", { exact: true }).first().waitFor();
  check("the text survives a reload", (await page.locator("[data-field=description]").inputValue()) === text);
  check("the photo survives a reload", (await page.locator(".photos img").count()) === 1);
  await accessible(page, "filled form");
  await wrongPhone(page, check, look);
  await loseAnAnswer(page);
  await offline(context, page, { check, look, accessible });
  await page.getByText("Mã tra cứu").waitFor({ timeout: 20_000 });
  const code = await page.locator(".code").textContent();
  check("the title of the answer has the focus", await page.evaluate(() => document.activeElement?.tagName === "H1"));
  await look(page, "360-sent");
  await accessible(page, "sent");
  if (mock) check("however often it was sent, it was filed once", mock.world.reports.size === 1, `${mock.world.reports.size}`);
  await readOn(page, { check, look, accessible, code });
  await context.close();
  await sosAndProfile({ check, open, look, accessible });
}

/** Whether the control with the focus stands inside the part of the phone that is seen. */
function inSight(page) {
  return page.evaluate(() => {
    const box = document.activeElement.getBoundingClientRect();
    const seen = document.querySelector(".phone-body").getBoundingClientRect();
    return box.top >= seen.top && box.bottom <= seen.bottom;
  });
}

async function fill(page) {
  await page.locator("input[type=file][data-field=photos]").setInputFiles([photo]);
  await page.locator("label.segment", { hasText: "Phường, xã" }).click();
  await page.locator("[data-field='location.area_id']").selectOption({ index: 1 });
  await chooseCategory(page);
  await page.locator("[data-field=description]").fill(text);
  await page.locator("[data-field='reporter.name']").fill("Nguyễn Thị Khuyến");
}

async function wrongPhone(page, check, look) {
  await page.locator("[data-field='reporter.phone']").fill("12");
  await page.getByRole("button", { name: "Gửi phản ánh" }).click();
  await page.locator(".field-wrong [data-field='reporter.phone']").waitFor();
  check("a refusal is shown at its field", await page.locator("[data-field='reporter.phone']").evaluate((e) => e === document.activeElement && e.getAttribute("aria-invalid") === "true"));
  await look(page, "360-refused");
  await page.locator("[data-field='reporter.phone']").fill("0905123456");
}

/** Lets the first filing arrive and loses its answer. */
async function loseAnAnswer(page) {
  let lost = false;
  await page.route("**/api/v1/reports", async (route) => {
    if (lost || route.request().method() !== "POST") return route.continue();
    lost = true;
    await route.fetch();
    return route.abort("connectionreset");
  });
}

async function offline(context, page, { check, look, accessible }) {
  await page.getByRole("button", { name: "Gửi phản ánh" }).click();
  await page.getByText("Đã lưu, sẽ gửi khi có mạng").waitFor();
  await context.setOffline(true);
  await page.getByRole("button", { name: "Gửi lại ngay" }).click();
  await page.getByText("Đã lưu, sẽ gửi khi có mạng").waitFor();
  await look(page, "360-offline");
  await accessible(page, "offline");
  check("what waits is kept", await page.evaluate(() => JSON.parse(localStorage.getItem("ht.outbox.report")).body.includes("Nghiêng ngả")));
  await context.setOffline(false);
}

async function readOn(page, { check, look, accessible, code }) {
  await page.getByRole("link", { name: "Xem phản ánh" }).click();
  await page.getByRole("heading", { name: code }).waitFor();
  await page.getByRole("heading", { name: "Diễn biến" }).waitFor();
  await page.locator(".timeline li").first().waitFor();
  await look(page, "360-detail");
  await accessible(page, "detail");
  await page.getByRole("navigation").getByRole("link", { name: /Của tôi/ }).click();
  await page.locator(".cards .card").first().waitFor();
  check("my reports hold it", (await page.locator(".cards").textContent()).includes(code));
  await look(page, "360-mine");
  await accessible(page, "mine");
  await page.locator(".badge").waitFor({ timeout: 20_000 });
  await page.getByRole("navigation").getByRole("link", { name: /Hộp thư/ }).click();
  await page.locator(".message-new").first().waitFor();
  await look(page, "360-inbox");
  await accessible(page, "inbox");
  await page.locator(".badge").waitFor({ state: "detached", timeout: 15_000 });
  check("looked at is read", true);
  await page.goto(new URL("/demo#/track", page.url()).href);
  await page.getByLabel("Mã phản ánh").fill(code);
  await page.getByLabel(/4 số cuối/).fill("3456");
  await page.getByRole("button", { name: "Tra cứu" }).click();
  await page.getByRole("heading", { name: code }).waitFor();
  check("tracking finds it by code and last digits", true);
  await accessible(page, "track");
}

async function sosAndProfile({ check, open, look, accessible }) {
  const { context, page } = await open("/demo#/sos");
  await page.getByRole("heading", { name: "Cần cứu giúp" }).waitFor();
  await page.locator(".numbers a").first().waitFor();
  await look(page, "360-sos");
  await accessible(page, "sos");
  await page.goto(new URL("/demo#/me", page.url()).href);
  await page.getByLabel("Số điện thoại").fill("0905123456");
  await page.getByRole("button", { name: "Gửi mã" }).click();
  const shown = await page.getByText("Mã của bạn").textContent();
  await page.getByLabel("Mã 6 số").fill(shown.match(/(\d{4,8})\s*$/)[1]);
  await look(page, "360-profile");
  await page.getByRole("button", { name: "Xác nhận mã" }).click();
  await page.getByText("Đăng nhập bằng số điện thoại 0905123456").waitFor();
  check("a phone code signs in", true);
  await accessible(page, "profile");
  await context.close();
}
