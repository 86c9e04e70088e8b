// SPDX-License-Identifier: Apache-2.0
// The little of the API that stories need beside the pages: reports to work on, and what became of them.
import { randomBytes, randomUUID } from "node:crypto";

/** Calls a demo server; throws with its answer where it says no. */
export function api(base) {
  const call = async (method, path, body, token, headers = {}) => {
    const multipart = body instanceof FormData;
    const response = await fetch(`${base}/api/v1${path}`, {
      method, body: body === undefined || multipart ? body : JSON.stringify(body),
      headers: { ...(multipart ? {} : { "Content-Type": "application/json" }), "Idempotency-Key": randomUUID(), ...(token ? { Authorization: `Bearer ${token}` } : {}), ...headers },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const accounts = async () => (await call("GET", "/demo/accounts")).items;
  const logIn = async (login) => {
    const account = (await accounts()).find((a) => a.login === login);
    return (await call("POST", "/auth/login", { login, password: account.password })).token;
  };
  const citizen = async () => {
    const device = { device_id: randomUUID(), secret: randomBytes(32).toString("base64"), platform: "web", language: "vi" };
    return (await call("POST", "/auth/device", device)).token;
  };
  const file = async (description, more = {}) => {
    const token = await citizen();
    const body = { category: "nuoc-ban", description, location: { lat: 16.4637, lon: 107.5909, source: "gps" }, ...more };
    return { ...(await call("POST", "/reports", body, token)), token };
  };
  return { call, accounts, logIn, file };
}
