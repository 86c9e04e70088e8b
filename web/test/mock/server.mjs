// SPDX-License-Identifier: Apache-2.0
// Serves the built pages as the program will, with a mock of the calls they make. For
// the browser tests where no real server is named; nothing of it is built into the pages.
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { accounts, act, areas, categories, config, fileReport, message, newWorld, offered, shown, timelineOf, units } from "./world.mjs";

const dist = new URL("../../dist/", import.meta.url);
const pages = { "/demo": "demo.html", "/docs": "docs.html" };
const types = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", woff2: "font/woff2" };

/** Starts the mock on a free loopback port. `world.failNext` makes that many filings fail with 503. */
export async function startMock() {
  const world = newWorld();
  const server = createServer((req, res) => void answer(world, req, res).catch((error) => problem(res, 500, String(error))));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const stop = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return { url: `http://127.0.0.1:${server.address().port}`, world, stop };
}

async function answer(world, req, res) {
  const url = new URL(req.url, "http://mock");
  if (!url.pathname.startsWith("/api/") && url.pathname !== "/openapi.json") return page(res, url.pathname);
  if (url.pathname === "/openapi.json") return json(res, 200, openapi);
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const type = req.headers["content-type"] ?? "";
  const form = type.startsWith("multipart/") ? await new Response(raw, { headers: { "Content-Type": type } }).formData() : null;
  const body = type.startsWith("application/json") && raw.length > 0 ? JSON.parse(raw.toString()) : {};
  const token = (req.headers.authorization ?? "").replace("Bearer ", "");
  const lang = req.headers["accept-language"] === "en" ? "en" : "vi";
  const call = { world, req, res, path: url.pathname.slice("/api/v1".length), query: url.searchParams, body, form, who: world.tokens.get(token), lang };
  const handler = [...plain, ...citizen, ...work].find(([method, pattern]) => method === req.method && pattern.test(call.path));
  if (!handler) return problem(res, 404, "not_found");
  return handler[2](call, call.path.match(handler[1])[1]);
}

async function page(res, path) {
  if (path === "/") return res.writeHead(302, { Location: "/demo" }).end();
  const name = pages[path] ?? path.slice(1);
  if (!/^[\w./-]+$/.test(name) || name.includes("..")) return problem(res, 404, "not_found");
  const bytes = await readFile(new URL(name, dist)).catch(() => null);
  if (!bytes) return problem(res, 404, "not_found");
  res.writeHead(200, {
    "Content-Type": types[name.split(".").pop()] ?? "application/octet-stream",
    "Cache-Control": name.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
  });
  res.end(bytes);
}

function json(res, status, value, headers = {}) {
  res.writeHead(status, { "Content-Type": "application/json", ...headers });
  res.end(JSON.stringify(value));
}

function problem(res, status, code, errors = [], headers = {}) {
  res.writeHead(status, { "Content-Type": "application/problem+json", ...headers });
  res.end(JSON.stringify({ type: `/problems/${code}`, title: code, status, code, request_id: "mock", errors }));
}

const items = (list) => ({ items: list, next_cursor: null });

function signIn({ world, res }, who) {
  const token = randomUUID();
  world.tokens.set(token, who);
  json(res, 200, { token, refresh_token: randomUUID(), expires_at: new Date(Date.now() + 3600e3).toISOString(), actor: { roles: [who.role], unit: who.unit ?? "" } });
}

const plain = [
  ["GET", /^\/config$/, ({ res }) => json(res, 200, config)],
  ["GET", /^\/categories$/, ({ res, lang }) => json(res, 200, items(categories(lang)))],
  ["GET", /^\/areas$/, ({ res }) => json(res, 200, items(areas))],
  ["GET", /^\/units$/, ({ res }) => json(res, 200, items(units))],
  ["GET", /^\/demo\/accounts$/, ({ res }) => json(res, 200, items(accounts))],
  ["GET", /^\/demo\/otp$/, ({ res }) => json(res, 200, { code: "246810" })],
  ["POST", /^\/auth\/device$/, (c) => (c.body.device_id && c.body.secret ? signIn(c, { role: "citizen", owner: c.body.device_id }) : problem(c.res, 422, "validation"))],
  ["POST", /^\/auth\/otp$/, ({ res, body }) => (/^(0|\+84)\d{9}$/.test(body.phone) ? json(res, 202, {}) : problem(res, 422, "phone_invalid", [{ location: "body.phone", code: "phone_invalid", message: "Số điện thoại chưa đúng." }]))],
  ["POST", /^\/auth\/otp\/verify$/, (c) => (c.body.code === "246810" ? signIn(c, { role: "citizen", owner: c.who?.owner ?? c.body.phone }) : problem(c.res, 422, "otp_invalid", [{ location: "body.code", code: "otp_invalid", message: "Mã chưa đúng." }]))],
  ["POST", /^\/auth\/login$/, (c) => {
    const account = accounts.find((a) => a.login === c.body.login && a.password === c.body.password);
    return account ? signIn(c, { role: account.role, unit: account.unit, staff: true }) : problem(c.res, 401, "invalid_credentials");
  }],
  ["POST", /^\/auth\/refresh$/, ({ res }) => problem(res, 401, "token_expired")],
  ["POST", /^\/auth\/logout$/, ({ res }) => res.writeHead(204).end()],
];

function submit({ world, req, res, form, who, lang }) {
  const key = req.headers["idempotency-key"];
  if (!key) return problem(res, 400, "idempotency_key_missing");
  if (world.failNext > 0) {
    world.failNext--;
    return problem(res, 503, "queue_full", [], { "Retry-After": "1" });
  }
  return Promise.resolve(form.get("report").text()).then((text) => {
    const known = world.keys.get(key);
    if (known) return known.text === text ? json(res, 201, shown(known.report, lang), { "Idempotency-Replayed": "true" }) : problem(res, 422, "idempotency_conflict");
    const submission = JSON.parse(text);
    if (submission.reporter?.phone && !/^(0|\+84)\d{9}$/.test(submission.reporter.phone)) {
      return problem(res, 422, "phone_invalid", [{ location: "body.reporter.phone", code: "phone_invalid", message: "Số điện thoại chưa đúng." }]);
    }
    const photos = form.getAll("photos").map(() => ({ id: randomUUID(), kind: "before", status: "pending", thumb_url: null }));
    const report = fileReport(world, submission, photos, who?.owner);
    world.keys.set(key, { text, report });
    return json(res, 201, shown(report, lang));
  });
}

const mine = (c) => [...c.world.reports.values()].filter((r) => r.owner === c.who?.owner).reverse();
const sideOf = (c) => (c.who?.staff ? "staff" : "citizen");

const citizen = [
  ["POST", /^\/reports$/, submit],
  ["POST", /^\/devices$/, ({ res, who }) => (who ? res.writeHead(204).end() : problem(res, 401, "unauthorized"))],
  ["GET", /^\/me\/reports$/, (c) => json(c.res, 200, items(mine(c).map((r) => shown(r, c.lang))))],
  ["GET", /^\/me\/notifications$/, (c) => json(c.res, 200, items(c.world.notifications.filter((n) => n.owner === c.who?.owner).map((n) => message(n, c.lang))))],
  ["POST", /^\/me\/notifications\/read$/, (c) => {
    for (const n of c.world.notifications) if (c.body.ids.includes(n.id)) n.read_at = new Date().toISOString();
    c.res.writeHead(204).end();
  }],
  ["GET", /^\/track\/([\w-]+)$/, (c, code) => {
    const found = [...c.world.reports.values()].find((r) => r.code === code);
    return found ? json(c.res, 200, { ...shown(found, c.lang), description: "" }) : problem(c.res, 404, "not_found");
  }],
  ["POST", /^\/track\/([\w-]+)$/, (c, code) => {
    const found = [...c.world.reports.values()].find((r) => r.code === code && r.phone.endsWith(c.body.phone_last4));
    return found ? json(c.res, 200, shown(found, c.lang)) : problem(c.res, 404, "not_found");
  }],
];

const withReport = (then) => (c, id) => {
  const report = c.world.reports.get(id);
  return report ? then(c, report) : problem(c.res, 404, "not_found");
};

const work = [
  ["GET", /^\/reports$/, (c) => json(c.res, 200, items([...c.world.reports.values()].map((r) => shown(r, c.lang)).filter((r) => !c.query.get("phase") || r.phase === c.query.get("phase"))))],
  ["GET", /^\/inbox$/, (c) => json(c.res, 200, items([...c.world.reports.values()].map((r) => ({ report: shown(r, c.lang), task_id: null, due_at: r.deadlines[0].due_at, remaining_working_s: -3 * 3600, overdue: true }))))],
  ["GET", /^\/reports\/([\w-]+)$/, withReport((c, r) => json(c.res, 200, shown(r, c.lang)))],
  ["GET", /^\/reports\/([\w-]+)\/timeline$/, withReport((c, r) => json(c.res, 200, items(timelineOf(r, c.lang))))],
  ["GET", /^\/reports\/([\w-]+)\/actions$/, withReport((c, r) => json(c.res, 200, items(offered(r, sideOf(c), c.lang))))],
  ["POST", /^\/reports\/([\w-]+)\/claim$/, withReport((c) => c.res.writeHead(204).end())],
  ["POST", /^\/reports\/([\w-]+)\/actions\/\w+$/, withReport((c, r) => {
    if (c.who?.staff && c.req.headers["if-match"] === undefined) return problem(c.res, 428, "version_missing");
    if (c.who?.staff && c.req.headers["if-match"] !== `"${r.version}"`) return problem(c.res, 412, "version_stale");
    const fault = act(c.world, r, c.path.split("/").pop(), sideOf(c), c.body);
    if (!fault) return json(c.res, 200, shown(r, c.lang));
    return problem(c.res, fault.status, fault.code, fault.field ? [{ location: `body.${fault.field}`, code: fault.code, message: "Còn thiếu mục này." }] : []);
  })],
  ["POST", /^\/photos$/, async (c) => {
    const photo = c.form.get("photo");
    const id = randomUUID();
    c.world.photos.set(id, { type: photo.type, bytes: Buffer.from(await photo.arrayBuffer()) });
    json(c.res, 201, { id, kind: c.form.get("kind"), status: "pending" });
  }],
  ["GET", /^\/photos\/([\w-]+)$/, (c, id) => {
    const photo = c.world.photos.get(id);
    if (!photo) return problem(c.res, 404, "not_found");
    return c.res.writeHead(200, { "Content-Type": photo.type }).end(photo.bytes);
  }],
];

const openapi = {
  openapi: "3.1.0", info: { title: "Hiện Trường", version: "1", description: "What a client can rely on." },
  tags: [{ name: "reports", description: "Filing and reading reports." }, { name: "auth" }],
  paths: {
    "/api/v1/reports": {
      get: { tags: ["reports"], summary: "Lists reports", operationId: "list-reports", parameters: [{ name: "bbox", in: "query", description: "minLon,minLat,maxLon,maxLat", schema: { type: "string" } }, { name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 200, default: 50 } }], responses: { 200: { description: "OK", content: { "application/json": { schema: { $ref: "#/components/schemas/ReportList" } } } } } },
      post: { tags: ["reports"], summary: "Files a report", operationId: "submit-report", security: [{ bearer: [] }], parameters: [{ name: "Idempotency-Key", in: "header", required: true, schema: { type: "string", format: "uuid" } }], requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Submission" } } } }, responses: { 201: { description: "Created", content: { "application/json": { schema: { $ref: "#/components/schemas/Report" } } } } } },
    },
    "/api/v1/auth/login": { post: { tags: ["auth"], summary: "Signs a member of staff in", requestBody: { content: { "application/json": { schema: { type: "object", required: ["login"], properties: { login: { type: "string" }, password: { type: "string" } } } } } }, responses: { 200: { description: "OK" } } } },
  },
  components: { schemas: {
    Report: { type: "object", required: ["id"], properties: { id: { type: "string", format: "uuid" }, phase: { type: "string", enum: ["received", "working", "answered", "ended"] }, category: { type: "object", properties: { code: { type: "string" } } }, duplicate_of: { $ref: "#/components/schemas/Report" } } },
    ReportList: { type: "object", properties: { items: { type: ["array", "null"], items: { $ref: "#/components/schemas/Report" } }, next_cursor: { type: ["string", "null"] } } },
    Submission: { type: "object", required: ["category", "description"], properties: { category: { type: "string", examples: ["den-duong"] }, description: { type: "string", maxLength: 5000, examples: ["Đèn hỏng it's dark"] } } },
  } },
};

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const mock = await startMock();
  console.log(mock.url);
}
