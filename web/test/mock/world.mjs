// SPDX-License-Identifier: Apache-2.0
// A small made-up city that keeps just enough in memory for the pages to be tried.
import { randomUUID } from "node:crypto";

export const config = {
  jurisdiction: { id: "demo", name: "Thành phố thử", bbox: [107.55, 16.4, 107.65, 16.52] },
  zone: "Asia/Ho_Chi_Minh", languages: ["vi", "en"],
  limits: { photos: 6, photo_bytes: 25_000_000, photo_pixels: 50_000_000, description: 5000 },
  emergency_numbers: ["113", "114", "115"], banner: null, guest_reports: true,
};

const names = {
  vi: ["Rác thải và vệ sinh môi trường", "Chiếu sáng công cộng", "Ngập nước và thoát nước", "Đường, vỉa hè"],
  en: ["Waste and street cleaning", "Street lighting", "Flooding and drains", "Roads and pavements"],
};

export function categories(lang) {
  const [waste, light, flood, road] = names[lang];
  const vi = lang === "vi";
  const cat = (code, name, group, icon, attributes = []) => ({ code, name, icon, group, public: true, attributes, children: [] });
  return [
    { code: "rac", name: waste, icon: "trash", children: [cat("rac-ton", vi ? "Rác tồn đọng chưa được thu gom" : "Rubbish not collected", "rac", "trash")] },
    { code: "den", name: light, icon: "lamp", children: [
      cat("den-duong", vi ? "Đèn đường không sáng" : "Street light out", "den", "lamp", [
        { code: "owner", type: "select", required: true, label: vi ? "Loại đường" : "Kind of road", help: "", options: [{ key: "pho", name: vi ? "Đường phố" : "Street" }, { key: "quoc-lo", name: vi ? "Quốc lộ" : "Highway" }] },
        { code: "poles", type: "number", required: false, label: vi ? "Số cột đèn" : "Number of poles", help: "" },
        { code: "live", type: "bool", required: false, label: vi ? "Có dây điện hở" : "Bare wires", help: "" },
      ]),
      cat("den-tin-hieu", vi ? "Đèn tín hiệu hỏng" : "Traffic light broken", "den", "traffic"),
    ] },
    { code: "ngap", name: flood, icon: "flood", children: [cat("ngap-duong", vi ? "Đường ngập" : "Flooded road", "ngap", "flood")] },
    { code: "duong", name: road, icon: "road", children: [cat("o-ga", vi ? "Ổ gà" : "Pothole", "duong", "road")] },
  ];
}

export const areas = [
  { id: 1, code: "90001", name: "Phường Cầu Mây", kind: "phuong" }, { id: 2, code: "90002", name: "Phường Bến Đò Thượng", kind: "phuong" },
];
export const units = [{ code: "moi-truong", name: "Công ty Môi trường đô thị" }, { code: "chieu-sang", name: "Trung tâm Chiếu sáng" }];
export const accounts = [
  { login: "dieu-hanh", password: "mot-hai-ba", role: "operator", unit: "" },
  { login: "xu-ly", password: "mot-hai-ba", role: "handler", unit: "chieu-sang" },
];

const states = {
  submitted: ["received", "Đã gửi", "Sent"], accepted: ["working", "Đã tiếp nhận", "Accepted"],
  published: ["answered", "Đã trả lời", "Answered"], closed: ["ended", "Đã đóng", "Closed"],
};

const steps = {
  accept: { from: "submitted", to: "accepted", by: "staff", label: ["Tiếp nhận", "Accept"], demands: [{ field: "redacted_text", type: "redacted_text", required: true, min_length: 5 }] },
  publish: { from: "accepted", to: "published", by: "staff", label: ["Trả lời và công bố", "Answer and publish"], demands: [
    { field: "text", type: "answer", required: true, min_length: 30 }, { field: "outcome", type: "outcome", required: true, options: ["fixed", "planned", "nothing_found", "not_possible"] },
    { field: "photo_ids", type: "proof", required: true, options: ["after_photo", "document"] },
  ] },
  withdraw: { from: "submitted", to: "closed", by: "citizen", label: ["Rút lại", "Withdraw"], demands: [{ field: "text", type: "note", required: false }] },
  rate: { from: "published", to: "closed", by: "citizen", label: ["Đánh giá", "Rate"], demands: [{ field: "rating", type: "rating", required: true, options: ["satisfied", "acceptable", "unsatisfied"] }] },
};

/** Makes an empty world. */
export function newWorld() {
  return { reports: new Map(), keys: new Map(), tokens: new Map(), notifications: [], photos: new Map(), failNext: 0 };
}

export function fileReport(world, submission, photos, owner) {
  const now = new Date().toISOString();
  const report = {
    id: randomUUID(), code: `DEMO-26-${String(world.reports.size + 1).padStart(5, "0")}`, state: "submitted", version: 1, owner, urgent: Boolean(submission.urgent),
    category: submission.category, description: submission.description, location: submission.location, answer: null, outcome: null, rating: null,
    photos, created_at: now, updated_at: now, phone: submission.reporter?.phone ?? "", timeline: [],
    deadlines: [{ kind: "verify", due_at: new Date(Date.now() + 26 * 3600e3).toISOString(), remaining_working_s: 7.5 * 3600, wall_s: 26 * 3600, met: false, paused: false }],
  };
  world.reports.set(report.id, report);
  moved(world, report, "submitted");
  return report;
}

function moved(world, report, kind, text = null) {
  const at = new Date().toISOString();
  report.timeline.push({ pos: report.timeline.length + 1, at, kind: kind === "submitted" ? "report.submitted" : "report.moved", state: report.state, text, unit: null, photos: [] });
  world.notifications.unshift({ id: randomUUID(), owner: report.owner, at, kind, report_id: report.id, state: report.state, code: report.code, read_at: null });
}

export function shown(report, lang) {
  const i = lang === "vi" ? 1 : 2;
  const [phase] = states[report.state];
  const category = categories(lang).flatMap((g) => g.children).find((c) => c.code === report.category);
  const { owner, timeline, phone, ...rest } = report;
  return { ...rest, phase, state_label: states[report.state][i], status: phase === "received" || phase === "working" ? "open" : "closed", category: category && { code: category.code, name: category.name, icon: category.icon }, area: areas[0], unit: units[1] };
}

export function timelineOf(report, lang) {
  return report.timeline.map((item) => ({ ...item, state_label: states[item.state][lang === "vi" ? 1 : 2] }));
}

export function message(n, lang) {
  const label = states[n.state][lang === "vi" ? 1 : 2];
  const body = lang === "vi" ? `Phản ánh ${n.code} nay ở bước: ${label}. Chúng tôi sẽ báo khi có bước mới.` : `Your report ${n.code} is now: ${label}. We will tell you of the next step.`;
  return { id: n.id, at: n.at, kind: n.kind, report_id: n.report_id, title: label, body, link: `/reports/${n.report_id}`, read_at: n.read_at };
}

export function offered(report, who, lang) {
  return Object.entries(steps).filter(([, s]) => s.from === report.state && s.by === who)
    .map(([name, s]) => ({ name, label: s.label[lang === "vi" ? 0 : 1], task_id: null, version: report.version, demands: s.demands }));
}

/** Takes a step, or names the first field that is missing. */
export function act(world, report, name, who, body) {
  const step = steps[name];
  if (!step || step.from !== report.state || step.by !== who) return { status: 409, code: "transition_refused" };
  for (const d of step.demands) {
    const met = d.field === "photo_ids" ? (body.photo_ids?.length ?? 0) > 0 || body.document : body[d.field];
    if (d.required && !met) return { status: 422, code: "demand_missing", field: d.field };
  }
  report.state = step.to;
  report.version++;
  report.updated_at = new Date().toISOString();
  if (body.redacted_text) report.description = body.redacted_text;
  if (name === "publish") Object.assign(report, { answer: body.text, outcome: body.outcome });
  if (body.rating) report.rating = body.rating;
  report.photos.push(...(body.photo_ids ?? []).map((id) => ({ id, kind: "after", status: "ready", thumb_url: `/api/v1/photos/${id}`, view_url: `/api/v1/photos/${id}`, alt: "" })));
  moved(world, report, name, body.text ?? null);
  return null;
}
