// SPDX-License-Identifier: Apache-2.0

/** A random UUID. Works without HTTPS too, where `crypto.randomUUID` is missing. */
export function newId(): string {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x40;
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...b].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** 256 random bits, base64url. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** Gives the same key for the same body until `renew`, so that a second try of one request carries one key. */
export function keyKeeper(): { keyFor(body: unknown): string; renew(): void } {
  let last = "";
  let key = "";
  return {
    keyFor(body) {
      const text = JSON.stringify(body);
      if (key === "" || text !== last) {
        last = text;
        key = newId();
      }
      return key;
    },
    renew() {
      key = "";
    },
  };
}
