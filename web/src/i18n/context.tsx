// SPDX-License-Identifier: Apache-2.0
import { createContext, useContext } from "react";
import type { Lang } from "../api/types";
import { textOf, wordOf, type Say } from "./text";

/** The language the page speaks; Vietnamese first. */
export const LangContext = createContext<Lang>("vi");

/** What a component needs to speak: `t` for its own texts, `word` for values the server sent. */
export interface Speech {
  lang: Lang;
  t: Say;
  word: (prefix: string, value: string) => string;
}

/** Speaks the page's language. */
export function useSpeech(): Speech {
  const lang = useContext(LangContext);
  return {
    lang,
    t: (key, params) => textOf(lang, key, params),
    word: (prefix, value) => wordOf(lang, prefix, value),
  };
}
