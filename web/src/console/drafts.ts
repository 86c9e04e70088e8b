// SPDX-License-Identifier: Apache-2.0
import type { Answers } from "../lib/demands";
import { readJSON, writeJSON, type Store } from "../lib/store";

/** What somebody has begun to write, kept in this tab until it is sent or they sign out. */
export interface Drafts {
  get(name: string): Answers | null;
  put(name: string, answers: Answers): void;
  drop(name: string): void;
  /** Forgets all, when somebody else takes the chair. */
  clear(): void;
}

const box = "ht.drafts";

/** Drafts kept in `store`, which should end with the tab: the session may end before it. */
export function draftsIn(store: Store): Drafts {
  const all = () => readJSON<Record<string, Answers>>(store, box) ?? {};
  return {
    get: (name) => all()[name] ?? null,
    put: (name, answers) => void writeJSON(store, box, { ...all(), [name]: answers }),
    drop(name) {
      const { [name]: _, ...rest } = all();
      writeJSON(store, box, rest);
    },
    clear: () => void writeJSON(store, box, null),
  };
}
