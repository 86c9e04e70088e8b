// SPDX-License-Identifier: Apache-2.0
import { useCallback, useRef, useState, useSyncExternalStore } from "react";
import { loadDraft, saveDraft, emptyDraft, type Draft, type Slot } from "../../lib/draft";
import type { Entry } from "../../lib/outbox";
import { usePhone } from "./context";

/** A draft that is kept as it is typed. */
export interface DraftState {
  draft: Draft;
  /** False where the browser keeps nothing. */
  kept: boolean;
  change: (part: Partial<Draft>) => void;
  /** Forgets what was typed, and its photos with `photos`. */
  discard: (photos: boolean) => void;
}

/** The draft of a slot, read back after a reload. */
export function useDraft(slot: Slot): DraftState {
  const { store, photos } = usePhone();
  const [draft, setDraft] = useState(() => loadDraft(store, slot));
  const [kept, setKept] = useState(true);
  const latest = useRef(draft);
  const put = useCallback(
    (next: Draft) => {
      latest.current = next;
      setDraft(next);
      setKept(saveDraft(store, slot, next));
    },
    [store, slot],
  );
  const change = useCallback((part: Partial<Draft>) => put({ ...latest.current, ...part }), [put]);
  const discard = useCallback(
    (withPhotos: boolean) => {
      if (withPhotos) for (const id of latest.current.photoIds) void photos.remove(id);
      latest.current = emptyDraft();
      setDraft(latest.current);
      saveDraft(store, slot, null);
    },
    [photos, slot, store],
  );
  return { draft, kept, change, discard };
}

/** What was handed over for sending from a slot, and how far it has come. */
export function useEntry(slot: Slot): Entry | null {
  const { outbox } = usePhone();
  return useSyncExternalStore(outbox[slot].watch, outbox[slot].current);
}
