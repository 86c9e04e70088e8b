// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, NetworkError } from "../src/api/problem";
import type { Submission } from "../src/api/types";
import { Outbox, waitSeconds, type Post } from "../src/lib/outbox";
import { memoryPhotos } from "../src/lib/photostore";
import { memoryStore } from "../src/lib/store";
import { filed } from "./store";

const submission: Submission = { description: "Đèn hỏng", observed_at: "2026-11-22T08:00:00Z", language: "vi", channel: "web", category: "den-duong" };

interface Sent { key: string; body: string; photos: number }

/** A server that answers each try in turn. */
function scripted(answers: Array<Error | "ok">): { post: Post; sent: Sent[] } {
  const sent: Sent[] = [];
  const post: Post = async (form, key) => {
    sent.push({ key, body: await (form.get("report") as Blob).text(), photos: form.getAll("photos").length });
    const next = answers.shift() ?? "ok";
    if (next !== "ok") throw next;
    return filed;
  };
  return { post, sent };
}

const problem = (status: number, retryAfter = 0) => new ApiError({ title: "", status, code: "x" }, retryAfter);

describe("outbox", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("goes on with the same key and body until the server answers", async () => {
    const { post, sent } = scripted([new NetworkError(), problem(503, 9), "ok"]);
    const outbox = new Outbox("report", memoryStore(), memoryPhotos(), post);
    await outbox.send(submission, []);
    expect(outbox.current()).toMatchObject({ status: "waiting", why: "offline", tries: 1 });
    await vi.advanceTimersByTimeAsync(2000);
    expect(outbox.current()).toMatchObject({ status: "waiting", why: "busy", tries: 2 });
    await vi.advanceTimersByTimeAsync(8900);
    expect(sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(outbox.current()).toMatchObject({ status: "sent", report: { code: "DEMO-1" } });
    expect(new Set(sent.map((s) => s.key)).size).toBe(1);
    expect(new Set(sent.map((s) => s.body)).size).toBe(1);
  });

  it("goes on after a reload, photos included, and then lets the photos go", async () => {
    const store = memoryStore();
    const photos = memoryPhotos();
    await photos.put({ id: "p1", name: "a.jpg", type: "image/jpeg", blob: new Blob(["x"]) });
    const first = scripted([new NetworkError()]);
    const before = new Outbox("report", store, photos, first.post);
    await before.send(submission, ["p1"]);
    before.pause();
    const second = scripted(["ok"]);
    const after = new Outbox("report", store, photos, second.post);
    after.resume();
    await vi.advanceTimersByTimeAsync(0);
    expect(after.current()?.status).toBe("sent");
    expect(second.sent[0]).toEqual(first.sent[0]);
    expect(second.sent[0]?.photos).toBe(1);
    expect(await photos.get("p1")).toBeUndefined();
  });

  it("takes a page that closed in the middle of sending as not answered", () => {
    const store = memoryStore();
    store.setItem("ht.outbox.report", JSON.stringify({ key: "k", body: "{}", photoIds: [], status: "sending", tries: 1 }));
    expect(new Outbox("report", store, memoryPhotos(), scripted([]).post).current()?.status).toBe("waiting");
  });

  it("stops at a refusal and keeps its reasons; what is sent next has a key of its own", async () => {
    const { post, sent } = scripted([problem(422), "ok"]);
    const outbox = new Outbox("report", memoryStore(), memoryPhotos(), post);
    await outbox.send(submission, []);
    expect(outbox.current()).toMatchObject({ status: "refused", problem: { status: 422 } });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(sent).toHaveLength(1);
    await outbox.send({ ...submission, description: "Sửa" }, []);
    expect(sent[1]?.key).not.toBe(sent[0]?.key);
  });

  it("never sends twice at once", async () => {
    let release: (() => void) | undefined;
    const post = vi.fn(() => new Promise<typeof filed>((resolve) => (release = () => resolve(filed))));
    const outbox = new Outbox("report", memoryStore(), memoryPhotos(), post);
    const sending = outbox.send(submission, []);
    await vi.advanceTimersByTimeAsync(0);
    await outbox.attempt();
    outbox.resume();
    expect(post).toHaveBeenCalledTimes(1);
    release?.();
    await sending;
    expect(outbox.current()?.status).toBe("sent");
  });

  it.each([[1, 0, 2], [3, 0, 8], [20, 0, 60], [1, 30, 30]])("waits after %i tries and Retry-After %i for %i s", (tries, asked, seconds) => {
    expect(waitSeconds(tries, asked)).toBe(seconds);
  });
});
