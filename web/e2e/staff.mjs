// SPDX-License-Identifier: Apache-2.0
import { photo } from "./checks.mjs";

/** A member of staff and a citizen side by side: accept, answer with a photo, push, rate. */
export async function staffStory({ check, open, accessible, look, mock }) {
  console.log("A member of staff works on it, the citizen beside them");
  const { context, page } = await open("/demo", { viewport: { width: 1280, height: 900 } });
  const desk = page.locator(".side-desk");
  await desk.locator(".accounts button").first().waitFor();
  await look(page, "1280-login");
  await accessible(page, "login");
  await desk.getByLabel("Tên đăng nhập").fill("không-ai");
  await desk.getByLabel("Mật khẩu").fill("sai");
  await desk.getByRole("button", { name: "Đăng nhập", exact: true }).click();
  await desk.getByRole("alert").waitFor();
  check("a wrong password is refused in words", true);
  await desk.locator(".accounts button").first().click();
  await desk.getByText("Việc của tôi").waitFor();
  if (mock) {
    await fileBeside(page);
    await desk.locator(".cards .card").first().waitFor({ timeout: 15_000 });
  }
  await look(page, "1280-queue");
  await accessible(page, "queue");
  if (mock) await wholeFlow(page, desk, { check, look, accessible });
  await context.close();
}

async function fileBeside(page) {
  await page.evaluate(async () => {
    const { token } = JSON.parse(localStorage.getItem("ht.session"));
    const form = new FormData();
    form.append("report", new Blob([JSON.stringify({ category: "den-duong", description: "Đèn hỏng, gọi 0905123456", location: { area_id: 1 }, language: "vi", urgent: true })], { type: "application/json" }));
    await fetch("/api/v1/reports", { method: "POST", body: form, headers: { Authorization: `Bearer ${token}`, "Idempotency-Key": crypto.randomUUID() } });
  });
}

async function wholeFlow(page, desk, { check, look, accessible }) {
  await desk.locator(".card", { hasText: "gọi 0905123456" }).click();
  await desk.getByRole("button", { name: "Tiếp nhận" }).click();
  await desk.getByRole("button", { name: "Xác nhận" }).click();
  await desk.locator(".field-wrong").first().waitFor();
  check("what a step demands is asked for before it is sent", true);
  await look(page, "1280-demand");
  await accessible(page, "demand form");
  await desk.getByLabel(/đã che/).fill("Đèn hỏng ở đầu ngõ");
  await desk.getByRole("button", { name: "Xác nhận" }).click();
  await desk.getByText("Đã xong: Tiếp nhận").waitFor();
  await desk.getByRole("button", { name: "Trả lời và công bố" }).click();
  await desk.getByLabel("Câu trả lời cho người dân").fill("Đã thay bóng đèn và kiểm tra lại toàn bộ tuyến đường.");
  await desk.getByLabel("Kết quả").selectOption("fixed");
  await desk.getByRole("button", { name: "Xác nhận" }).click();
  await desk.getByText("Còn thiếu mục này").first().waitFor();
  check("proof that the server misses is shown at its field", true);
  await desk.locator("input[type=file][data-field=photo_ids]").setInputFiles([photo]);
  await desk.getByText("✓ Sau khi xử lý").waitFor();
  await look(page, "1280-answer");
  await accessible(page, "answer form");
  await desk.getByRole("button", { name: "Xác nhận" }).click();
  await desk.getByText("Đã xong: Trả lời và công bố").waitFor();
  await rateBeside(page.locator(".phone"), page, { check, look, accessible });
}

async function rateBeside(phone, page, { check, look, accessible }) {
  await phone.getByRole("link", { name: /Hộp thư/ }).click();
  await phone.locator(".message", { hasText: "Đã trả lời" }).getByRole("link").click({ timeout: 15_000 });
  await phone.getByRole("button", { name: "Đánh giá" }).click();
  await phone.getByLabel("Hài lòng", { exact: true }).check();
  await look(page, "1280-rate");
  await accessible(page, "rating");
  await phone.getByRole("button", { name: "Xác nhận" }).click();
  await phone.getByText("Bạn đã đánh giá: Hài lòng").waitFor();
  check("the message of each step reaches the phone, and the result is rated", true);
}
