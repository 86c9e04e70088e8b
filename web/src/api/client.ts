// SPDX-License-Identifier: Apache-2.0
import { newId } from "../lib/ids";
import { ApiError, NetworkError, problemOf } from "./problem";
import type { Lang } from "./types";

/** Who asks. `token` may sign in first; `renew` gets a new token after a 401, false when it cannot. */
export interface Session {
  token(): Promise<string | null>;
  renew(): Promise<boolean>;
}

/** What a client needs to know about the phone it runs on. */
export interface ClientOptions {
  session: Session | null;
  language: () => Lang;
  installation: string;
  fetch?: typeof fetch;
}

/** Headers and manner of one call. */
export interface CallOptions {
  /** The version an action was decided on: sent as If-Match. */
  ifMatch?: number | undefined;
  /** Keep it for every try of the same request. */
  key?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Parameters of a call; a list repeats its name. */
export type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

/** A caller of the API, as one person. Throws ApiError where the server says no, NetworkError where nobody answers. */
export interface Client {
  get<T>(path: string, query?: Query, options?: CallOptions): Promise<T>;
  post<T>(path: string, body: unknown, options?: CallOptions): Promise<T>;
  form<T>(path: string, form: FormData, options?: CallOptions): Promise<T>;
  remove(path: string): Promise<void>;
}

/** Makes a client under `/api/v1`. A POST without a key of its own gets a fresh one. */
export function createClient(options: ClientOptions): Client {
  const call = async <T>(path: string, init: RequestInit, how: CallOptions = {}): Promise<T> => {
    let response = await once(options, path, init, how);
    if (response.status === 401 && options.session && (await options.session.renew())) {
      response = await once(options, path, init, how);
    }
    if (!response.ok) throw await problemOf(response);
    if (response.status === 204) return undefined as T;
    const text = await response.text();
    return (text === "" ? undefined : JSON.parse(text)) as T;
  };
  const keyed = (how: CallOptions = {}): CallOptions => ({ ...how, key: how.key ?? newId() });
  return {
    get: (path, query, how) => call(path + queryString(query), { method: "GET" }, how),
    post: (path, body, how) =>
      call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) }, keyed(how)),
    form: (path, form, how) => call(path, { method: "POST", body: form }, keyed(how)),
    remove: (path) => call(path, { method: "DELETE" }),
  };
}

async function once(options: ClientOptions, path: string, init: RequestInit, how: CallOptions): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Accept-Language", options.language());
  headers.set("Installation-Id", options.installation);
  if (how.key) headers.set("Idempotency-Key", how.key);
  if (how.ifMatch !== undefined) headers.set("If-Match", `"${how.ifMatch}"`);
  const token = options.session ? await options.session.token() : null;
  if (token) headers.set("Authorization", `Bearer ${token}`);
  try {
    return await (options.fetch ?? fetch)(`/api/v1${path}`, { ...init, headers, ...(how.signal ? { signal: how.signal } : {}) });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new NetworkError();
  }
}

function queryString(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value as readonly string[]) params.append(name, one);
    else if (value !== undefined && value !== "") params.append(name, String(value));
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** True when trying the same request again later may help. */
export function worthRetrying(error: unknown): boolean {
  if (error instanceof NetworkError) return true;
  return error instanceof ApiError && (error.problem.status >= 500 || error.problem.status === 429);
}
