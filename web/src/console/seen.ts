// SPDX-License-Identifier: Apache-2.0
import { readJSON, writeJSON, type Store } from "../lib/store";

/** What somebody has looked at, so that what changed since is marked until they look. */
export interface Seen {
  /** "new" where it was never opened, "changed" where it moved on since, else nothing. */
  mark(report: { id: string; updated_at: string }): "new" | "changed" | "";
  look(report: { id: string; updated_at: string }): void;
}

const name = "ht.seen";
const most = 500;

/** Remembers the last 500 reports that were opened. */
export function seenIn(store: Store): Seen {
  let known = new Map<string, string>(readJSON<Array<[string, string]>>(store, name) ?? []);
  return {
    mark(report) {
      const at = known.get(report.id);
      if (at === undefined) return "new";
      return at < report.updated_at ? "changed" : "";
    },
    look(report) {
      if (known.get(report.id) === report.updated_at) return;
      known.delete(report.id);
      known.set(report.id, report.updated_at);
      known = new Map([...known].slice(-most));
      writeJSON(store, name, [...known]);
    },
  };
}
