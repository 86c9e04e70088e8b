// SPDX-License-Identifier: Apache-2.0
// The whole way of one report on a real server: the citizen's phone and the desk side by
// side, each step by the role that takes it.

const words = "Cầu tạm qua kênh Bàu Sen mục ván, xe máy của tôi suýt sụp. Gọi tôi 0905 123 456 nếu cần.";
const answer = "Đã thay toàn bộ ván mặt cầu, gia cố lan can và kiểm tra lại tải trọng.";
const phoneNumber = "0905123456";

/** A photo with something on it, drawn by the browser. */
async function drawn(page, name, colour) {
  const url = await page.evaluate(([title, fill]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1200, height: 900 });
    const c = canvas.getContext("2d");
    c.fillStyle = fill;
    c.fillRect(0, 0, 1200, 900);
    c.fillStyle = "#5a4632";
    for (let i = 0; i < 9; i++) c.fillRect(100 + i * 115, 350 + (i % 3) * 12, 90, 300);
    c.fillStyle = "#ffffff";
    c.font = "600 72px sans-serif";
    c.fillText(title, 80, 140);
    return canvas.toDataURL("image/jpeg", 0.85);
  }, [name, colour]);
  return { name: `${name}.jpg`, mimeType: "image/jpeg", buffer: Buffer.from(url.split(",")[1], "base64") };
}

export async function realStory(tools) {
  const { check, open, accessible, look } = tools;
  console.log("One report from the phone to the desk and back, on a real server");
  const { context, page } = await open("/demo", { viewport: { width: 1280, height: 900 } });
  const phone = page.locator(".phone");
  const desk = page.locator(".side-desk");
  const stage = { ...tools, page, phone, desk };
  await icons(stage);
  const code = await file(stage);
  await desk.locator(".accounts button").first().waitFor();
  await look(page, "real-login");
  await accept(stage, code);
  const unit = await unitOf(desk);
  await work(stage, code, unit);
  await asRole(stage, unit, "thủ trưởng đơn vị");
  await openOnDesk(desk, code);
  await step(desk, "Duyệt câu trả lời");
  await publish(stage, code);
  await rateAndReopen(stage, code);
  await staffSeesReopened(stage, code, unit);
  await track(stage, code);
  await signIn(stage);
  await rescue(stage);
  await english(stage);
  await accessible(page, "real, English");
  check("no picture is broken", await brokenPictures(page) === 0);
  await context.close();
}

function brokenPictures(page) {
  return page.evaluate(() => [...document.images].filter((i) => i.complete && i.naturalWidth === 0).length);
}

/** Every category and group has a picture of its own, none the question mark. */
async function icons({ page, phone, check, look }) {
  await page.goto(new URL("/demo#/new", page.url()).href);
  await phone.locator("button.tile").first().waitFor();
  const groups = await phone.locator("button.tile").count();
  const unknown = [];
  for (let i = 0; i < groups; i++) {
    await phone.locator("button.tile").nth(i).click();
    unknown.push(...await phone.locator(".tile:has(.lucide-circle-help, .lucide-circle-question-mark)").allTextContents());
    await phone.locator(".tiles").scrollIntoViewIfNeeded();
    if (i === 0 || i === groups - 1) await look(page, `real-tiles-${i}`);
    await phone.getByRole("button", { name: "Nhóm khác" }).click();
  }
  check(`each of ${groups} groups' categories has a picture`, groups > 5 && unknown.length === 0, unknown.join());
}

async function file({ page, phone, look, check }) {
  await phone.locator("input[type=file][data-field=photos]").setInputFiles([await drawn(page, "Trước", "#7d8f69"), await drawn(page, "Gần hơn", "#8f7d69")]);
  await phone.locator("label.segment", { hasText: "Phường, xã" }).click();
  await phone.locator("[data-field='location.area_id']").selectOption({ label: "Phường An Nguyệt" });
  await phone.getByRole("button", { name: "Giao thông, cầu đường" }).click();
  await phone.locator("label.tile", { hasText: "Cầu, cống hư hỏng" }).click();
  await phone.locator("[data-field=description]").fill(words);
  await phone.locator("[data-field='reporter.name']").fill("Trần Thị Nguyệt");
  await phone.locator("[data-field='reporter.phone']").fill(phoneNumber);
  await phone.getByRole("button", { name: "Gửi phản ánh" }).click();
  await phone.locator(".sent .code").waitFor({ timeout: 20_000 });
  const code = await phone.locator(".sent .code").textContent();
  check("the code stands on one line", await phone.locator(".sent .code").evaluate((e) => e.getClientRects().length === 1 && e.offsetHeight < 2 * parseFloat(getComputedStyle(e).fontSize)));
  await look(page, "real-sent");
  await phone.getByRole("link", { name: "Xem phản ánh" }).click();
  await phone.locator(".photos img").first().waitFor({ timeout: 20_000 });
  await phone.locator(".report > .photos img").nth(1).waitFor({ timeout: 20_000 });
  await page.waitForFunction(() => [...document.querySelectorAll(".phone .photos img")].every((i) => i.complete && i.naturalWidth > 0));
  check("the citizen sees both photos", (await phone.locator(".report > .photos img").count()) === 2);
  await look(page, "real-own");
  return code;
}

async function asRole({ page, desk }, unit, role) {
  const leave = desk.getByRole("button", { name: "Đăng xuất" });
  if (await leave.isVisible()) await leave.click();
  await desk.locator(".accounts button").first().waitFor();
  if (unit) await desk.getByLabel("Đơn vị", { exact: true }).selectOption({ label: unit });
  await desk.locator(".accounts button", { hasText: role }).last().click();
  await desk.getByText("Việc của tôi").waitFor();
  await page.evaluate(() => document.activeElement?.blur());
}

async function openOnDesk(desk, code) {
  await desk.locator(".card", { hasText: code }).first().click({ timeout: 15_000 });
  await desk.getByRole("heading", { name: code }).waitFor();
  await desk.locator(".offered button, .action-form").first().waitFor();
}

async function step(desk, label, fill = async () => undefined) {
  await desk.locator(".offered").getByRole("button", { name: label, exact: true }).click();
  await fill();
  await desk.getByRole("button", { name: "Xác nhận" }).click();
  await desk.getByText(`Đã xong: ${label}`).waitFor();
}

function unitOf(desk) {
  return desk.locator(".report dl div", { hasText: "Đơn vị" }).locator("dd").textContent();
}

async function accept({ page, desk, check, look, accessible, ...rest }, code) {
  await asRole({ page, desk, ...rest }, "", "điều hành viên");
  await desk.locator(".card", { hasText: code }).first().waitFor();
  await look(page, "real-queue");
  await openOnDesk(desk, code);
  check("staff read what the citizen wrote", (await desk.locator(".report > .prose").first().textContent()) === words);
  await look(page, "real-desk-new");
  await step(desk, "Nhận xác minh");
  await desk.locator(".offered").getByRole("button", { name: "Không tiếp nhận" }).click();
  await desk.getByRole("button", { name: "Xác nhận" }).click();
  await desk.locator(".field-wrong").first().waitFor();
  await look(page, "real-reject-faults");
  await accessible(page, "real demand form");
  check("a reason is chosen by its name", (await desk.getByLabel("Lý do").locator("option").count()) > 1);
  await desk.getByRole("button", { name: "Thôi" }).click();
  await step(desk, "Tiếp nhận", async () => {
    const proposed = await desk.getByLabel(/đã che/).inputValue();
    check("the phone number is taken out of what is proposed for the public", proposed.includes("Gọi tôi …") && !proposed.includes("0905"), proposed);
    await desk.getByLabel(/đã che/).fill("Cầu tạm qua kênh Bàu Sen mục ván, xe máy suýt sụp.");
    await look(page, "real-accept");
  });
  await desk.locator(".report dl", { hasText: "Đơn vị" }).waitFor({ timeout: 15_000 });
  await look(page, "real-assigned");
}

async function work({ page, desk, check, look, accessible, ...rest }, code, unit) {
  await asRole({ page, desk, ...rest }, unit, "người xử lý");
  await look(page, "real-handler");
  await openOnDesk(desk, code);
  await step(desk, "Bắt đầu xử lý");
  await desk.locator(".offered").getByRole("button", { name: "Nộp kết quả" }).click();
  await desk.getByLabel("Câu trả lời cho người dân").fill("Xong rồi");
  await desk.getByRole("button", { name: "Xác nhận" }).click();
  await desk.locator(".field-wrong").first().waitFor();
  await look(page, "real-resolve-faults");
  await desk.getByLabel("Câu trả lời cho người dân").fill(answer);
  await desk.getByLabel("Kết quả").selectOption("fixed");
  await desk.getByRole("button", { name: "Xác nhận" }).click();
  await desk.locator("fieldset .error, .action-form .error").first().waitFor();
  check("proof that is missing is said at its field", true);
  await look(page, "real-resolve-proof");
  await desk.locator("input[type=file][data-field=photo_ids]").setInputFiles([await drawn(page, "Sau khi sửa", "#698f7d")]);
  await desk.getByText("✓ Sau khi xử lý").waitFor();
  await look(page, "real-resolve-ready");
  await accessible(page, "real answer form");
  await desk.getByRole("button", { name: "Xác nhận" }).click();
  await desk.getByText("Đã xong: Nộp kết quả").waitFor();
  await look(page, "real-resolved");
}

async function publish(stage, code) {
  const { page, desk, look } = stage;
  await asRole(stage, "", "kiểm duyệt và công bố");
  await openOnDesk(desk, code);
  await step(desk, "Công khai kết quả");
  await look(page, "real-published");
}

async function rateAndReopen({ page, phone, check, look, accessible }, code) {
  await phone.getByRole("link", { name: /Hộp thư/ }).click();
  await phone.locator(".message", { hasText: code }).nth(3).waitFor({ timeout: 20_000 });
  await look(page, "real-inbox");
  console.log((await phone.locator(".message").allTextContents()).map((m) => `        ${m}`).join("\n"));
  await phone.locator(".message").first().getByRole("link").click();
  await phone.getByRole("button", { name: "Đánh giá" }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".phone .report > .photos img").length >= 3);
  check("the citizen sees the photo taken afterwards", true);
  await phone.locator(".answer").scrollIntoViewIfNeeded();
  await look(page, "real-answered");
  await phone.getByRole("button", { name: "Đánh giá" }).click();
  await phone.getByRole("button", { name: "Xác nhận" }).click();
  await phone.locator(".action-form .error").first().waitFor();
  await phone.getByLabel("Không hài lòng", { exact: true }).check();
  await phone.getByLabel(/Nhận xét/).fill("Ván mới vẫn kênh.");
  await look(page, "real-rate");
  await phone.getByRole("button", { name: "Xác nhận" }).click();
  await phone.getByText("Bạn đã đánh giá: Không hài lòng").waitFor();
  await phone.getByRole("button", { name: "Yêu cầu xử lý lại" }).click();
  await phone.getByLabel("Ghi chú", { exact: true }).fill("ngắn");
  await phone.getByRole("button", { name: "Xác nhận" }).click();
  await phone.locator(".field-wrong").waitFor();
  await phone.getByLabel("Ghi chú", { exact: true }).fill("Hai tấm ván đầu cầu vẫn kênh, đi qua rất nguy hiểm.");
  await phone.getByRole("button", { name: "Xác nhận" }).click();
  await phone.getByText("Đã xong: Yêu cầu xử lý lại").waitFor();
  await phone.locator(".state-line", { hasText: "Đã chuyển đơn vị xử lý" }).first().waitFor();
  await phone.locator(".timeline").scrollIntoViewIfNeeded();
  await look(page, "real-reopened");
  await accessible(page, "real reopened");
  check("an unsatisfied citizen gets it worked on again", true);
}

async function staffSeesReopened(stage, code, unit) {
  await asRole(stage, unit, "đầu mối đơn vị");
  await openOnDesk(stage.desk, code);
  await stage.look(stage.page, "real-desk-reopened");
}

async function track({ page, phone, check, look }, code) {
  await page.goto(new URL("/demo#/track", page.url()).href);
  await phone.getByLabel("Mã phản ánh").fill(code.toLowerCase());
  await phone.getByLabel(/4 số cuối/).fill("0000");
  await phone.getByRole("button", { name: "Tra cứu" }).click();
  await phone.getByRole("alert").waitFor();
  await look(page, "real-track-wrong");
  await phone.getByLabel(/4 số cuối/).fill("3456");
  await phone.getByRole("button", { name: "Tra cứu" }).click();
  await phone.getByRole("heading", { name: code }).waitFor();
  check("tracking by code and last digits, however the code is typed", true);
  await look(page, "real-track");
}

async function signIn({ page, phone, check, look }) {
  await page.goto(new URL("/demo#/me", page.url()).href);
  await phone.getByLabel("Số điện thoại").fill(`0912${Math.floor(1e5 + Math.random() * 9e5)}`);
  await phone.getByRole("button", { name: "Gửi mã" }).click();
  const shown = await phone.getByText("Mã của bạn").textContent();
  await phone.getByLabel("Mã 6 số").fill("000000");
  await phone.getByRole("button", { name: "Xác nhận mã" }).click();
  await phone.getByRole("alert").waitFor();
  await look(page, "real-otp-wrong");
  await phone.getByLabel("Mã 6 số").fill(shown.match(/(\d{4,8})\s*$/)[1]);
  await phone.getByRole("button", { name: "Xác nhận mã" }).click();
  await phone.getByText(/Đăng nhập bằng số điện thoại 0912/).waitFor();
  check("the demo's code signs in", true);
  await look(page, "real-signed-in");
}

async function rescue({ page, phone, check, look }) {
  await phone.getByRole("link", { name: "SOS" }).click();
  await phone.getByRole("button", { name: "Gửi kêu cứu" }).click();
  await phone.getByRole("alert").waitFor();
  await look(page, "real-sos-faults");
  await phone.getByLabel("Chuyện gì đang xảy ra").fill("Nước lên nhanh, nhà có hai người già, không ra được.");
  await phone.getByLabel("Số người").fill("4");
  await phone.getByLabel("Mức nước").selectOption("waist");
  await phone.getByLabel("Số gọi lại").fill(phoneNumber);
  await look(page, "real-sos");
  await phone.getByRole("button", { name: "Gửi kêu cứu" }).click();
  await phone.getByRole("heading", { name: "Đã nhận lời kêu cứu" }).waitFor({ timeout: 20_000 });
  check("a call for help arrives without a place", true);
  await look(page, "real-sos-sent");
}

async function english({ page, phone, desk, look }) {
  await page.getByRole("button", { name: "English" }).click();
  await phone.getByRole("link", { name: /My reports|Mine/ }).click();
  await phone.locator(".card").first().click();
  await phone.locator(".timeline li").first().waitFor();
  await desk.locator(".report, .cards").first().waitFor();
  await look(page, "real-english");
}
