// SPDX-License-Identifier: Apache-2.0
import type { Report } from "../src/api/types";

/** A report as the server answers a filing. */
export const filed: Report = { id: "r1", code: "DEMO-1", state: "submitted", phase: "received", state_label: "Đã gửi", created_at: "2026-11-22T08:00:00Z" };

/** An answer of a server. */
export function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}
