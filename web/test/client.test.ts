// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { createClient, worthRetrying } from "../src/api/client";
import { ApiError, NetworkError } from "../src/api/problem";
import { citizenSession, deviceOf } from "../src/api/session";
import { keyKeeper, newId } from "../src/lib/ids";
import { memoryStore } from "../src/lib/store";
import { answer } from "./store";

interface Seen { path: string; headers: Headers; body: string }

/** A server that knows one token at a time and forgets it when told to. */
function server() {
  const seen: Seen[] = [];
  let valid = "";
  let signIns = 0;
  const fetcher: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    const path = String(input);
    seen.push({ path, headers, body: typeof init?.body === "string" ? init.body : "" });
    if (path.endsWith("/auth/device")) {
      valid = `t${++signIns}`;
      return answer(200, { token: valid });
    }
    if (headers.get("Authorization") !== `Bearer ${valid}`) return answer(401, { code: "unauthorized" });
    return answer(200, { ok: true });
  };
  return { seen, fetcher, expire: () => (valid = ""), signIns: () => signIns };
}

function phone(fetcher: typeof fetch, store = memoryStore()) {
  const device = deviceOf(store);
  const session = citizenSession(store, device, () => "vi", fetcher);
  return { client: createClient({ session, language: () => "vi", installation: device.installation, fetch: fetcher }), device, store };
}

describe("client", () => {
  it("signs the device in once for calls at once, and names the phone in each", async () => {
    const { seen, fetcher, signIns } = server();
    const { client, device } = phone(fetcher);
    await Promise.all([client.get("/me/reports"), client.get("/config"), client.get("/areas", { limit: 2, q: undefined })]);
    expect(signIns()).toBe(1);
    expect(seen.map((s) => s.path)).toContain("/api/v1/areas?limit=2");
    expect(seen.every((s) => s.headers.get("Installation-Id") === device.installation)).toBe(true);
  });

  it("signs in again after a 401 and repeats the call under the same key", async () => {
    const { seen, fetcher, expire } = server();
    const { client } = phone(fetcher);
    await client.get("/config");
    expire();
    await client.post("/reports", { a: 1 }, { key: "k1", ifMatch: 3 });
    const tries = seen.filter((s) => s.path.endsWith("/reports"));
    expect(tries.map((s) => s.headers.get("Idempotency-Key"))).toEqual(["k1", "k1"]);
    expect(tries[1]?.headers.get("If-Match")).toBe('"3"');
  });

  it("is the same phone after a reload", () => {
    const store = memoryStore();
    expect(deviceOf(store)).toEqual(deviceOf(store));
    expect(deviceOf(memoryStore())).not.toEqual(deviceOf(store));
  });

  it("says that nobody answered", async () => {
    const { client } = phone(() => Promise.reject(new TypeError("failed")));
    await expect(client.get("/config")).rejects.toBeInstanceOf(NetworkError);
  });

  it.each([[new NetworkError(), true], [new ApiError({ title: "", status: 503, code: "queue_full" }), true], [new ApiError({ title: "", status: 429, code: "rate_limited" }), true], [new ApiError({ title: "", status: 422, code: "too_long" }), false], [new Error("bug"), false]])("tries %s again: %s", (error, again) => {
    expect(worthRetrying(error)).toBe(again);
  });

  it("keeps a key for the same body only", () => {
    const keys = keyKeeper();
    const first = keys.keyFor({ a: 1 });
    expect(keys.keyFor({ a: 1 })).toBe(first);
    expect(keys.keyFor({ a: 2 })).not.toBe(first);
  });

  it("makes UUIDs of version 4", () => {
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
