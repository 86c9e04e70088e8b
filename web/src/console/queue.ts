// SPDX-License-Identifier: Apache-2.0
import type { Client, Query } from "../api/client";
import type { PackDetail, StaffReport } from "../api/model";
import type { List, OfferedAction } from "../api/types";

/** The ways to look at the queue that have a name of their own. */
export const looks = ["check", "urgent", "late", "escalated", "publish", "waiting", "all"] as const;
export type Look = (typeof looks)[number];

/** What can be filtered by beside a look, each a parameter of the list of reports. */
export const facets = ["q", "phase", "state", "category", "area", "unit"] as const;

/** The look that a filter names; what is to be checked without one. */
export function lookOf(filter: Readonly<Record<string, string>>): Look {
  return looks.find((look) => look === filter.view) ?? "check";
}

/** What the rules in force say about states that the operations centre looks for. */
export interface States {
  /** Where a report waits to be checked. */
  check: string[];
  /** Where it waits for its reporter: a phase like that before it. */
  waiting: string[];
  /** From where the operations centre shows an answer to the public. */
  publish: string[];
}

/** Reads the states off the rules; without rules, what most packs call them. */
export function statesOf(pack: PackDetail | undefined): States {
  if (!pack) return { check: [], waiting: ["needs_info"], publish: ["resolved"] };
  const centre = (by: readonly string[]) => by.includes("operator") || by.includes("verifier");
  const once = (names: string[]) => [...new Set(names)];
  const inPhase = (phase: string) => once(pack.workflows.flatMap((w) => w.states.filter((s) => s.phase === phase).map((s) => s.name)));
  const publishes = pack.workflows.flatMap((w) => w.transitions).filter((t) => (t.does as readonly string[]).includes("publish") && !t.on && centre(t.by));
  return { check: inPhase("received"), waiting: inPhase("before"), publish: once(publishes.flatMap((t) => t.from)) };
}

/** Parameters of the list of reports. */
export type Asked = Record<string, string | readonly string[]>;

/** The query of a filter, oldest first; a repeated parameter is a list. */
export function queryOf(filter: Readonly<Record<string, string>>, states: States): Asked {
  const query: Asked = { sort: "oldest" };
  for (const facet of facets) if (filter[facet]) query[facet] = filter[facet];
  if (filter.unit) query.subtree = "true";
  switch (lookOf(filter)) {
    case "check":
      return { phase: "received", ...(states.check.length > 0 ? { state: states.check } : {}), ...query };
    case "waiting":
      return { ...query, state: states.waiting };
    case "urgent":
      return { phase: filter.phase ? [filter.phase] : ["received", "working"], ...query, urgent: "true" };
    case "late":
      return { phase: ["received", "working"], ...query, overdue: "true" };
    case "escalated":
      return { phase: ["received", "working"], ...query, escalated: "true" };
    case "publish":
      return { ...query, state: states.publish };
    case "all":
      return { ...query, sort: "newest" };
  }
}

/** One page of the queue and where it goes on. */
export interface Page {
  items: StaffReport[];
  next: string;
}

/**
 * A page of the queue: all that is urgent before all that is not, each by age, on however
 * many pages. `after` is what the page before ended with, empty for the first.
 */
export async function readPage(client: Client, query: Asked, after: string, limit = 50): Promise<Page> {
  const ask = (more: Query) => client.get<List<StaffReport>>("/reports", { ...query, limit, ...more });
  if (query.urgent !== undefined || query.sort === "newest") {
    const list = await ask({ cursor: after || undefined });
    return { items: bySign(list.items, query.sort === "newest"), next: list.next_cursor ?? "" };
  }
  const [part, cursor] = after === "" ? ["urgent", ""] : (after.split(/:(.*)/s) as [string, string]);
  if (part === "plain") {
    const list = await ask({ urgent: false, cursor: cursor || undefined });
    return { items: list.items, next: list.next_cursor ? `plain:${list.next_cursor}` : "" };
  }
  // Both at once: what is urgent seldom fills a page, and waiting for it would be felt.
  const [urgent, plain] = await Promise.all([ask({ urgent: true, cursor: cursor || undefined }), ask({ urgent: false })]);
  if (urgent.next_cursor) return { items: bySign(urgent.items, false), next: `urgent:${urgent.next_cursor}` };
  return { items: [...bySign(urgent.items, false), ...plain.items], next: plain.next_cursor ? `plain:${plain.next_cursor}` : "" };
}

/** Calls for help before what is urgent; otherwise as it came. */
function bySign(items: readonly StaffReport[], asItCame: boolean): StaffReport[] {
  if (asItCame) return [...items];
  return [...items.filter((r) => r.sos), ...items.filter((r) => !r.sos)];
}

/**
 * The first report from the top that waits for the operations centre and that nobody else
 * has in hand: one to be checked, or a call for help. One whose clock stands waits for its
 * reporter.
 */
export function nextFree(items: readonly StaffReport[], me: string, nowMs: number, passed: ReadonlySet<string> = new Set()): StaffReport | undefined {
  const waits = (r: StaffReport) => (r.phase === "received" && !r.deadlines.some((d) => d.paused)) || (r.sos && r.phase === "working");
  return items.find((r) => waits(r) && !passed.has(r.id) && !heldByOther(r, me, nowMs));
}

/**
 * Takes a report into hand, and takes the pack's own step for that where it offers one
 * that asks nothing. Throws what the server answers: 409 where somebody else was first.
 */
export async function takeInHand(client: Client, id: string): Promise<void> {
  await client.post(`/reports/${id}/claim`, {});
  const { items } = await client.get<List<OfferedAction>>(`/reports/${id}/actions`);
  const step = items.find((a) => a.name === "claim" && (a.demands ?? []).length === 0);
  if (step) await client.post(`/reports/${id}/actions/${step.name}`, {}, { ifMatch: step.version });
}

/** Whether somebody else of the operations centre has the report in hand now. */
export function heldByOther(report: Pick<StaffReport, "claim">, me: string, nowMs: number): boolean {
  return report.claim !== undefined && report.claim.by !== me && Date.parse(report.claim.until) > nowMs;
}
