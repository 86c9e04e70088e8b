// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from "react";
import type { OfferedAction } from "../api/types";

/** The letters of steps that many packs have. The usual next step is always A. */
const letters: Readonly<Record<string, string>> = {
  accept: "a", reject: "r", merge: "m", ask: "q", transfer: "x", redact: "d", assign: "g", support: "s", split: "p", set_urgency: "u", hide: "h", show: "h",
  urge: "e", publish: "b", return: "r", schedule: "l", hand: "g", rework: "w", resolve: "v", extend: "f", instruct: "i", reclassify: "c", direct_rework: "i",
};

/** Letters that the console itself listens to. */
const taken = new Set(["j", "k", "t", "n", "y"]);

/** A name for one offered step: a step can be offered once for each task. */
export function offerId(action: Pick<OfferedAction, "name" | "task_id">): string {
  return `${action.name} ${action.task_id ?? ""}`.trim();
}

/** Gives each offered step a key: A to what people usually do, the known letters, digits to the rest. */
export function keysFor(actions: readonly OfferedAction[]): Map<string, string> {
  const keys = new Map<string, string>();
  const used = new Set(taken);
  const give = (action: OfferedAction, key: string | undefined) => {
    if (key === undefined || used.has(key) || keys.has(offerId(action))) return;
    used.add(key);
    keys.set(offerId(action), key);
  };
  for (const action of actions) if (action.primary) give(action, "a");
  for (const action of actions) give(action, letters[action.name]);
  const digits = [..."123456789"];
  for (const action of actions) if (!keys.has(offerId(action))) give(action, digits.shift());
  return keys;
}

/** What each key does now; keys as `KeyboardEvent.key`, letters small. */
export type Keys = Readonly<Record<string, () => void>>;

/** True where a letter is typed and not meant as a key. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const input = target instanceof HTMLInputElement && !["radio", "checkbox", "button", "submit", "file"].includes(target.type);
  return input || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** Listens to single keys while `on`; never to those typed into a field, nor with Ctrl, Alt or Meta. */
export function useKeys(keys: Keys, on: boolean): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat || isTyping(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      const act = current.current[event.key.toLowerCase()] ?? current.current[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [on]);
}
