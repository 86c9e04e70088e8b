// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import type { Lang } from "../api/types";
import { useSpeech } from "../i18n/context";

/** What a reader sets for themselves. */
export interface Settings {
  lang: Lang;
  /** Text size in percent of the browser's own. */
  size: number;
}

interface Props {
  settings: Settings;
  change: (part: Partial<Settings>) => void;
  children?: ReactNode;
}

const sizes = [
  [90, "A−", "app.smaller"],
  [100, "A", "app.normal"],
  [125, "A+", "app.larger"],
] as const;

/** The bar above every page: whose page it is, its language, its text size. */
export function TopBar({ settings, change, children }: Props) {
  const { t } = useSpeech();
  return (
    <header className="top">
      <a className="skip" href="#content" onClick={(e) => { e.preventDefault(); document.getElementById("content")?.focus(); }}>
        {t("app.skip")}
      </a>
      <p className="brand">
        {t("app.name")} {children}
      </p>
      <div className="top-tools">
        <div role="group" aria-label={t("app.language")} className="switch">
          {(["vi", "en"] as const).map((lang) => (
            <button key={lang} type="button" lang={lang} aria-pressed={settings.lang === lang} aria-label={lang === "vi" ? "Tiếng Việt" : "English"} onClick={() => change({ lang })}>
              {lang.toUpperCase()}
            </button>
          ))}
        </div>
        <div role="group" aria-label={t("app.textSize")} className="switch">
          {sizes.map(([size, text, name]) => (
            <button key={size} type="button" aria-pressed={settings.size === size} aria-label={t(name)} onClick={() => change({ size })}>
              {text}
            </button>
          ))}
        </div>
      </div>
    </header>
  );
}
