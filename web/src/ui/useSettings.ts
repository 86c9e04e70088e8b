// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "react";
import { browserStore, readJSON, writeJSON } from "../lib/store";
import type { Settings } from "./TopBar";

const name = "ht.settings";

/** The reader's language and text size, kept between visits and applied to the page. Vietnamese until they choose. */
export function useSettings(): [Settings, (part: Partial<Settings>) => void] {
  const [settings, setSettings] = useState<Settings>(() => ({ lang: "vi", size: 100, ...readJSON<Partial<Settings>>(browserStore("localStorage"), name) }));
  useEffect(() => {
    document.documentElement.lang = settings.lang;
    document.documentElement.style.fontSize = `${settings.size}%`;
    writeJSON(browserStore("localStorage"), name, settings);
  }, [settings]);
  return [settings, (part) => setSettings((old) => ({ ...old, ...part }))];
}
