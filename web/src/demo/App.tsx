// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { LangContext } from "../i18n/context";
import { textOf } from "../i18n/text";
import type { PhotoStore } from "../lib/photostore";
import { TopBar } from "../ui/TopBar";
import { useSettings } from "../ui/useSettings";
import { Desk } from "./desk/Desk";
import { PhoneApp } from "./phone/PhoneApp";

/** The demo: a citizen's phone and, beside it or behind a tab, a staff member's desk. */
export function App({ photos }: { photos: PhotoStore }) {
  const [settings, change] = useSettings();
  const [side, setSide] = useState<"phone" | "desk">("phone");
  const t = (key: Parameters<typeof textOf>[1]) => textOf(settings.lang, key);
  return (
    <LangContext value={settings.lang}>
      <TopBar settings={settings} change={change}>
        <span className="quiet">{t("app.demo")}</span>
      </TopBar>
      <div className="sides" role="group" aria-label={t("app.name")}>
        {(["phone", "desk"] as const).map((s) => (
          <button key={s} type="button" aria-pressed={side === s} onClick={() => setSide(s)}>
            {t(s === "phone" ? "app.phone" : "app.desk")}
          </button>
        ))}
      </div>
      <div className={`both show-${side}`}>
        <div className="side-phone">
          <PhoneApp photos={photos} />
        </div>
        <aside className="side-desk" aria-label={t("app.desk")}>
          <Desk />
        </aside>
      </div>
    </LangContext>
  );
}
