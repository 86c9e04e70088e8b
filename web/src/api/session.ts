// SPDX-License-Identifier: Apache-2.0
import { newId, newSecret } from "../lib/ids";
import { readJSON, writeJSON, type Store } from "../lib/store";
import { createClient, type Client, type Session } from "./client";
import { ApiError } from "./problem";
import type { Lang, SignedIn } from "./types";

/** What makes this browser a phone: made once, kept across log-ins. */
export interface Device {
  device_id: string;
  secret: string;
  installation: string;
}

/** Returns this browser's device, making it at the first call. */
export function deviceOf(store: Store): Device {
  const known = readJSON<Device>(store, "ht.device");
  if (known?.device_id && known.secret && known.installation) return known;
  const made = { device_id: newId(), secret: newSecret(), installation: newId() };
  writeJSON(store, "ht.device", made);
  return made;
}

/** The citizen's session: a device that signs itself in, or a person with a phone number. */
export interface CitizenSession extends Session {
  /** The phone number signed in with, empty for a bare device. */
  phone(): string;
  /** Takes over after a phone code was checked. */
  adopt(signedIn: SignedIn, phone: string): void;
  /** Back to the bare device. */
  forgetPhone(): void;
}

interface Kept {
  token: string;
  refresh: string;
  phone: string;
}

/** Makes the citizen's session. Signs the device in when a token is first needed; calls at once share one sign-in. */
export function citizenSession(store: Store, device: Device, language: () => Lang, fetcher?: typeof fetch): CitizenSession {
  const bare = createClient({ session: null, language, installation: device.installation, ...(fetcher ? { fetch: fetcher } : {}) });
  let kept = readJSON<Kept>(store, "ht.session");
  let running: Promise<void> | null = null;
  const keep = (next: Kept | null) => {
    kept = next;
    writeJSON(store, "ht.session", next);
  };
  const signIn = () => {
    running ??= deviceSignIn(bare, device, language())
      .then((s) => keep({ token: s.token, refresh: s.refresh_token ?? "", phone: "" }))
      .finally(() => (running = null));
    return running;
  };
  return {
    async token() {
      if (!kept) await signIn();
      return kept?.token ?? null;
    },
    async renew() {
      const before = kept;
      if (before?.phone && before.refresh) {
        const fresh = await refresh(bare, before.refresh);
        if (fresh) {
          keep({ token: fresh.token, refresh: fresh.refresh_token ?? before.refresh, phone: before.phone });
          return true;
        }
      }
      keep(null);
      await signIn();
      return true;
    },
    phone: () => kept?.phone ?? "",
    adopt: (s, phone) => keep({ token: s.token, refresh: s.refresh_token ?? "", phone }),
    forgetPhone: () => keep(null),
  };
}

function deviceSignIn(client: Client, device: Device, language: Lang): Promise<SignedIn> {
  const { device_id, secret } = device;
  return client.post<SignedIn>("/auth/device", { device_id, secret, platform: "web", app_version: "demo", language });
}

async function refresh(client: Client, token: string): Promise<SignedIn | null> {
  try {
    return await client.post<SignedIn>("/auth/refresh", { refresh_token: token });
  } catch (error) {
    if (error instanceof ApiError && error.problem.status < 500) return null;
    throw error;
  }
}

/** A member of staff who signed in with a password, for as long as the tab is open. */
export interface StaffSession extends Session {
  actor(): SignedIn["actor"] | null;
  adopt(signedIn: SignedIn): void;
  leave(): void;
}

/** Makes the staff session; `store` should end with the tab. */
export function staffSession(store: Store, language: () => Lang, installation: string): StaffSession {
  const bare = createClient({ session: null, language, installation });
  let kept = readJSON<SignedIn>(store, "ht.staff");
  let running: Promise<boolean> | null = null;
  const keep = (next: SignedIn | null) => {
    kept = next;
    writeJSON(store, "ht.staff", next);
  };
  const renew = async () => {
    const before = kept;
    const fresh = before?.refresh_token ? await refresh(bare, before.refresh_token) : null;
    if (kept === before) keep(fresh && before ? { ...before, ...fresh, actor: { ...fresh.actor, ...before.actor } } : null);
    return fresh !== null;
  };
  return {
    token: async () => kept?.token ?? null,
    // A refresh token that comes twice ends the session, so that calls at once share one.
    renew: () => (running ??= renew().finally(() => (running = null))),
    actor: () => (kept ? (kept.actor ?? {}) : null),
    adopt: keep,
    leave: () => keep(null),
  };
}
