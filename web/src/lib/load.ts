// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef, useState } from "react";

/** Something that is read from the server. The last good answer stays while a newer one fails. */
export interface Loaded<T> {
  data: T | undefined;
  error: unknown;
  loading: boolean;
  reload: () => void;
}

/**
 * Reads when `deps` change, and every `everyMs` after while the page is looked at (0:
 * once). An answer that a newer question has overtaken is dropped.
 */
export function useLoad<T>(read: () => Promise<T>, deps: readonly unknown[], everyMs = 0): Loaded<T> {
  const [state, setState] = useState<{ data: T | undefined; error: unknown; loading: boolean }>({ data: undefined, error: null, loading: true });
  const latest = useRef(0);
  const reader = useRef(read);
  reader.current = read;
  const reload = useCallback(() => {
    const mine = ++latest.current;
    reader.current().then(
      (data) => mine === latest.current && setState({ data, error: null, loading: false }),
      (error: unknown) => mine === latest.current && setState((old) => ({ ...old, error, loading: false })),
    );
  }, []);
  useEffect(() => {
    setState((old) => ({ ...old, loading: true }));
    reload();
    if (everyMs === 0) return () => void latest.current++;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") reload();
    }, everyMs);
    return () => {
      latest.current++;
      clearInterval(timer);
    };
    // The caller says what the question depends on.
  }, [...deps, everyMs, reload]);
  return { ...state, reload };
}
