// SPDX-License-Identifier: Apache-2.0
import type { Lang } from "../api/types";
import { en } from "./en";
import { vi, type Key } from "./vi";

/** What the placeholders of a text stand for. */
export type Params = Record<string, string | number>;

/** Says something in the reader's language. */
export type Say = (key: Key, params?: Params) => string;

const texts: Record<Lang, Record<Key, string>> = { vi, en };

/** The text of a key with its placeholders filled in. */
export function textOf(lang: Lang, key: Key, params: Params = {}): string {
  return texts[lang][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** The text of a value the server sent, such as a role; the value itself when these pages have no word for it. */
export function wordOf(lang: Lang, prefix: string, value: string): string {
  const key = `${prefix}.${value}`;
  return key in vi ? textOf(lang, key as Key) : value;
}
