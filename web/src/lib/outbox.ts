// SPDX-License-Identifier: Apache-2.0
import { worthRetrying } from "../api/client";
import { ApiError, NetworkError } from "../api/problem";
import type { Problem, Report, Submission } from "../api/types";
import type { Slot } from "./draft";
import { newId } from "./ids";
import type { PhotoStore } from "./photostore";
import { readJSON, writeJSON, type Store } from "./store";

/**
 * What was handed over for sending. Its key and body never change: every try is the same
 * request, so that the server files it once however often it arrives.
 */
export interface Entry {
  key: string;
  body: string;
  photoIds: string[];
  status: "sending" | "waiting" | "refused" | "sent";
  why?: "offline" | "busy";
  tries: number;
  /** When the next try is due, milliseconds since 1970. */
  nextAt?: number;
  problem?: Problem;
  report?: Pick<Report, "id" | "code" | "deadlines" | "unit" | "state_label">;
}

/** Sends one request: a multipart form with the key. */
export type Post = (form: FormData, key: string) => Promise<Report>;

/** Seconds until try number `tries` + 1: 2, 4, 8 … 60, and never sooner than the server asked. */
export function waitSeconds(tries: number, retryAfter: number): number {
  return Math.max(retryAfter, Math.min(60, 2 ** Math.max(1, tries)));
}

/** Sends what a citizen wrote, and goes on trying until the server has answered. */
export class Outbox {
  private entry: Entry | null;
  private readonly watchers = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;

  constructor(
    private readonly slot: Slot,
    private readonly store: Store,
    private readonly photos: PhotoStore,
    private readonly post: Post,
    private readonly now: () => number = Date.now,
  ) {
    this.entry = readJSON<Entry>(store, this.name());
    if (this.entry?.status === "sending") this.set({ ...this.entry, status: "waiting", why: "offline" });
  }

  /** The entry as it stands, null when nothing was handed over. The object is replaced, never changed. */
  current = (): Entry | null => this.entry;

  /** Calls back after every change, until the returned function is called. */
  watch = (changed: () => void): (() => void) => {
    this.watchers.add(changed);
    return () => void this.watchers.delete(changed);
  };

  /** Goes on with what an earlier page left waiting. */
  resume(): void {
    if (this.entry?.status === "waiting") void this.attempt();
  }

  /** Stops trying; what waits stays kept. */
  pause(): void {
    clearTimeout(this.timer);
  }

  /** Hands a submission over under a key of its own and tries at once. */
  async send(submission: Submission, photoIds: string[]): Promise<void> {
    this.set({ key: newId(), body: JSON.stringify(submission), photoIds, status: "waiting", tries: 0 });
    await this.attempt();
  }

  /** Tries now, with the same key and body. Does nothing unless something waits. */
  async attempt(): Promise<void> {
    const entry = this.entry;
    if (!entry || entry.status !== "waiting" || this.running) return;
    clearTimeout(this.timer);
    this.running = true;
    this.set({ ...entry, status: "sending", tries: entry.tries + 1 });
    try {
      const report = await this.post(await this.form(entry), entry.key);
      const { id, code, deadlines, unit, state_label } = report;
      this.set({ ...entry, status: "sent", report: { id, code, state_label, ...(deadlines ? { deadlines } : {}), ...(unit ? { unit } : {}) } });
      await Promise.all(entry.photoIds.map((photo) => this.photos.remove(photo)));
    } catch (error) {
      this.failed({ ...entry, tries: entry.tries + 1 }, error);
    } finally {
      this.running = false;
    }
  }

  /** Takes the entry back, for writing on or after it was read. */
  clear(): void {
    clearTimeout(this.timer);
    this.set(null);
  }

  private failed(entry: Entry, error: unknown): void {
    if (worthRetrying(error)) {
      const wait = waitSeconds(entry.tries, error instanceof ApiError ? error.retryAfter : 0);
      this.set({ ...entry, status: "waiting", why: error instanceof NetworkError ? "offline" : "busy", nextAt: this.now() + wait * 1000 });
      this.timer = setTimeout(() => void this.attempt(), wait * 1000);
      return;
    }
    const problem = error instanceof ApiError ? error.problem : { title: "", status: 0, code: "unreadable_answer" };
    this.set({ ...entry, status: "refused", problem });
  }

  private async form(entry: Entry): Promise<FormData> {
    const form = new FormData();
    form.append("report", new Blob([entry.body], { type: "application/json" }));
    for (const id of entry.photoIds) {
      const photo = await this.photos.get(id);
      if (photo) form.append("photos", photo.blob, photo.name);
    }
    return form;
  }

  private set(entry: Entry | null): void {
    this.entry = entry;
    writeJSON(this.store, this.name(), entry);
    for (const changed of this.watchers) changed();
  }

  private name(): string {
    return `ht.outbox.${this.slot}`;
  }
}
