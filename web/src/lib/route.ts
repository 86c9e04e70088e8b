// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from "react";

/** A screen of the phone: `#/report/ID` is `["report", "ID"]`, nothing is home. */
export type Screen = [name: string, argument: string];

/** Reads a screen from an address's hash. */
export function screenOf(hash: string): Screen {
  const [name = "", argument = ""] = hash.replace(/^#\/?/, "").split("/");
  return [name || "home", decode(argument)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The screen in the address bar; follows the browser's back button. */
export function useScreen(): Screen {
  const hash = useSyncExternalStore(
    (changed) => {
      window.addEventListener("hashchange", changed);
      return () => window.removeEventListener("hashchange", changed);
    },
    () => window.location.hash,
  );
  return screenOf(hash);
}

/** Goes to a screen. */
export function goTo(name: string, argument = ""): void {
  window.location.hash = argument === "" ? `/${name}` : `/${name}/${encodeURIComponent(argument)}`;
}
