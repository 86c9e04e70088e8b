// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef, useState } from "react";
import { worthRetrying, type Client } from "../api/client";
import { ApiError } from "../api/problem";
import type { Photo, PhotoKind } from "../api/types";
import { waitSeconds } from "../lib/outbox";

/** A photo that is being sent, or waits for the network. */
export interface Waiting {
  name: string;
  kind: PhotoKind;
  file: File;
  tries: number;
}

/**
 * Sends photos one after the other. One that the network or a busy server did not take
 * stays first and is tried again (2, 4, 8 … 60 s, or as soon as there is a network); one
 * that is refused is dropped and said.
 */
export function useUploads(client: Client, sent: (id: string, photo: Waiting) => void) {
  const [waiting, setWaiting] = useState<readonly Waiting[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [stuck, setStuck] = useState(false);
  const running = useRef(false);
  const done = useRef(sent);
  done.current = sent;
  const first = waiting[0];
  const attempt = useCallback(async (photo: Waiting) => {
    if (running.current) return;
    running.current = true;
    const form = new FormData();
    form.append("kind", photo.kind);
    form.append("photo", photo.file, photo.name);
    try {
      const { id } = await client.form<Photo>("/photos", form);
      done.current(id, photo);
      setWaiting((old) => old.slice(1));
      setStuck(false);
    } catch (failed) {
      if (worthRetrying(failed)) {
        setStuck(true);
        const seconds = waitSeconds(photo.tries + 1, failed instanceof ApiError ? failed.retryAfter : 0);
        setTimeout(() => setWaiting((old) => old.map((w, i) => (i === 0 ? { ...w, tries: w.tries + 1 } : w))), seconds * 1000);
      } else {
        setError(failed);
        setWaiting((old) => old.slice(1));
      }
    } finally {
      running.current = false;
    }
  }, [client]);
  useEffect(() => {
    if (!first) return;
    void attempt(first);
    const again = () => void attempt(first);
    window.addEventListener("online", again);
    return () => window.removeEventListener("online", again);
  }, [first, attempt]);
  const add = (files: readonly File[], kind: PhotoKind) => {
    setError(null);
    setWaiting((old) => [...old, ...files.map((file) => ({ name: file.name, kind, file, tries: 0 }))]);
  };
  return { add, waiting, stuck: stuck && first !== undefined, error };
}
