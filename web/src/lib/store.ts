// SPDX-License-Identifier: Apache-2.0

/** Where small things are kept: localStorage, sessionStorage, or a test's. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Reads a value; null when it is absent or not JSON. */
export function readJSON<T>(store: Store, name: string): T | null {
  try {
    const text = store.getItem(name);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

/** Keeps a value; null removes it. False when the browser keeps nothing (full, or forbidden). */
export function writeJSON(store: Store, name: string, value: unknown): boolean {
  try {
    if (value === null) store.removeItem(name);
    else store.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** A store that forgets with the page, for browsers that refuse to keep anything. */
export function memoryStore(): Store {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

/** The browser's store, or one in memory where reading it is refused. */
export function browserStore(which: "localStorage" | "sessionStorage"): Store {
  try {
    const store = window[which];
    store.getItem("ht.device");
    return store;
  } catch {
    return memoryStore();
  }
}
