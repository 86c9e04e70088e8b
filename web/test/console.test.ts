// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Client, Query } from "../src/api/client";
import type { StaffReport } from "../src/api/model";
import { ApiError } from "../src/api/problem";
import { addressOf, hashOf } from "../src/console/address";
import { draftsIn } from "../src/console/drafts";
import { keysFor, offerId } from "../src/console/keys";
import { heldByOther, nextFree, queryOf, readPage, statesOf, takeInHand } from "../src/console/queue";
import { seenIn } from "../src/console/seen";
import { ageWords, spanWords } from "../src/console/words";
import { memoryStore } from "../src/lib/store";

const report = (id: string, part: Partial<StaffReport> = {}) => ({ id, phase: "received", urgent: false, sos: false, deadlines: [], ...part }) as unknown as StaffReport;

describe("an address", () => {
  it.each([
    ["#/queue", { room: "queue", id: "", filter: {} }],
    ["#/queue/a%2Fb?view=late&q=%C4%91%C3%A8n", { room: "queue", id: "a/b", filter: { view: "late", q: "đèn" } }],
    ["#/inbox?view=", { room: "inbox", id: "", filter: {} }],
    ["#/elsewhere", { room: "", id: "", filter: {} }],
    ["", { room: "", id: "", filter: {} }],
    ["#/queue/%E0%A4%A", { room: "queue", id: "%E0%A4%A", filter: {} }],
  ])("is read from %j", (hash, address) => {
    expect(addressOf(hash)).toEqual(address);
  });

  it("comes back as it went", () => {
    const address = { room: "queue", id: "0198/?#", filter: { q: "a&b=c ?", view: "all" } } as const;
    expect(addressOf(hashOf(address))).toEqual(address);
  });
});

describe("keys", () => {
  const offer = (name: string, primary = false, task_id: string | null = null) => ({ name, label: name, primary, task_id });

  it("give A to what people usually do, and letters that are known", () => {
    const keys = keysFor([offer("reject"), offer("accept", true), offer("merge"), offer("ask")]);
    expect([...keys]).toEqual([["accept", "a"], ["reject", "r"], ["merge", "m"], ["ask", "q"]]);
  });

  it("are each given once, digits where no letter is free", () => {
    const offers = [offer("resolve", true), offer("support_start", true, "t1"), offer("support_start", true, "t2"), offer("return"), offer("reject"), offer("never_heard_of")];
    const keys = keysFor(offers);
    expect(keys.size).toBe(offers.length);
    expect(new Set(keys.values()).size).toBe(offers.length);
    expect(keys.get(offerId(offers[0]!))).toBe("a");
    expect([...keys.values()].some((k) => "jktny".includes(k))).toBe(false);
  });
});

describe("the queue", () => {
  it.each([
    [{}, { sort: "oldest", phase: "received" }],
    [{ view: "late", category: "den" }, { sort: "oldest", phase: ["received", "working"], overdue: "true", category: "den" }],
    [{ view: "urgent" }, { sort: "oldest", phase: ["received", "working"], urgent: "true" }],
    [{ view: "publish" }, { sort: "oldest", state: ["resolved"] }],
    [{ view: "all", unit: "ubnd", q: "đèn" }, { sort: "newest", unit: "ubnd", subtree: "true", q: "đèn" }],
    [{ view: "nonsense", other: "x" }, { sort: "oldest", phase: "received" }],
  ])("asks for %j", (filter, query) => {
    expect(queryOf(filter, statesOf(undefined))).toEqual(query);
  });

  it("reads off the rules what waits for whom", () => {
    const step = (from: string[], by: string[], does: string[]) => ({ name: "n", from, by, does });
    const states = [{ name: "submitted", phase: "received" }, { name: "asked", phase: "before" }, { name: "resolved", phase: "working" }];
    const pack = { workflows: [{ states, transitions: [step(["resolved", "held"], ["verifier"], ["publish"]), step(["in_progress"], ["handler"], ["publish"]), step(["x"], ["operator"], ["accept"])] }] };
    expect(statesOf(pack as never)).toEqual({ check: ["submitted"], waiting: ["asked"], publish: ["resolved", "held"] });
    expect(queryOf({}, statesOf(pack as never))).toEqual({ sort: "oldest", phase: "received", state: ["submitted"] });
    expect(queryOf({ state: "other" }, statesOf(pack as never))).toMatchObject({ state: "other" });
  });

  /** A list of reports that the server would page by two. */
  const server = (all: StaffReport[]) => {
    const asked: Query[] = [];
    const get = async (_: string, query: Query = {}) => {
      asked.push(query);
      const fit = all.filter((r) => query.urgent === undefined || String(r.urgent) === String(query.urgent));
      const from = Number(query.cursor ?? 0);
      return { items: fit.slice(from, from + 2), next_cursor: from + 2 < fit.length ? String(from + 2) : null };
    };
    return { client: { get } as unknown as Client, asked };
  };

  it("has all that is urgent before all that is not, over many pages, each once", async () => {
    const all = ["1", "2u", "3", "4u", "5u", "6", "7s"].map((name) => report(name, { urgent: /[us]/.test(name), sos: name.endsWith("s") }));
    const { client } = server(all);
    const seen: string[] = [];
    let after = "";
    do {
      const page = await readPage(client, { sort: "oldest" }, after, 2);
      seen.push(...page.items.map((r) => r.id));
      after = page.next;
    } while (after !== "");
    expect(seen).toEqual(["2u", "4u", "7s", "5u", "1", "3", "6"]);
  });

  it("takes the first that is free and waits for somebody here", () => {
    const now = Date.parse("2026-11-22T08:00:00Z");
    const claim = (by: string, until: string) => ({ by, until });
    const items = [
      report("held", { claim: claim("other", "2026-11-22T08:05:00Z") }), report("asked", { deadlines: [{ paused: true } as never] }),
      report("worked", { phase: "working" }), report("lapsed", { claim: claim("other", "2026-11-22T07:59:00Z") }), report("help", { phase: "working", sos: true }),
    ];
    expect(nextFree(items, "me", now)?.id).toBe("lapsed");
    expect(nextFree(items, "me", now, new Set(["lapsed"]))?.id).toBe("help");
    expect(nextFree(items, "other", now)?.id).toBe("held");
    expect(heldByOther(items[0]!, "other", now)).toBe(false);
  });

  it("takes into hand, with the pack's own step where that asks nothing", async () => {
    const sent: string[] = [];
    const client = (offers: unknown[]) => ({ post: async (path: string) => void sent.push(path), get: async () => ({ items: offers }) }) as unknown as Client;
    await takeInHand(client([{ name: "claim", version: 3, demands: [] }]), "r1");
    await takeInHand(client([{ name: "claim", version: 3, demands: [{ field: "text", type: "note" }] }]), "r2");
    expect(sent).toEqual(["/reports/r1/claim", "/reports/r1/actions/claim", "/reports/r2/claim"]);
    const refused = { post: async () => { throw new ApiError({ title: "", status: 409, code: "claimed" }); } } as unknown as Client;
    await expect(takeInHand(refused, "r3")).rejects.toBeInstanceOf(ApiError);
  });
});

describe("what is kept", () => {
  it("is a draft for each form until it is dropped", () => {
    const store = memoryStore();
    draftsIn(store).put("r1 reject", { text: "vì" });
    draftsIn(store).put("r2 ask", { text: "hỏi" });
    expect(draftsIn(store).get("r1 reject")).toEqual({ text: "vì" });
    draftsIn(store).drop("r1 reject");
    expect([draftsIn(store).get("r1 reject"), draftsIn(store).get("r2 ask")]).toEqual([null, { text: "hỏi" }]);
    draftsIn(store).clear();
    expect(draftsIn(store).get("r2 ask")).toBeNull();
  });

  it("is what was looked at: new, then nothing, then changed", () => {
    const store = memoryStore();
    const seen = seenIn(store);
    const at = (updated_at: string) => ({ id: "r", updated_at });
    expect(seen.mark(at("1"))).toBe("new");
    seen.look(at("1"));
    expect([seenIn(store).mark(at("1")), seenIn(store).mark(at("2"))]).toEqual(["", "changed"]);
  });
});

describe("spans", () => {
  it("are said in the largest unit", () => {
    const now = Date.parse("2026-11-22T08:00:00Z");
    expect(ageWords("2026-11-22T05:30:00Z", now, "en")).toMatch(/^2 hr/);
    expect(ageWords("2026-11-20T05:30:00Z", now, "en")).toBe("2 days ago");
    expect(ageWords("2026-11-22T09:00:00Z", now, "vi")).not.toContain("-");
    expect(ageWords("nonsense", now, "vi")).toBe("");
    expect(spanWords(12250, "en")).toBe("3 hours 24 minutes");
    expect(spanWords(90000, "en")).toBe("1 day 1 hour");
    expect(spanWords(5, "en")).toBe("0 minutes");
  });
});
