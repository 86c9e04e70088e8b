// SPDX-License-Identifier: Apache-2.0
import { useEffect, type ReactNode, type RefObject } from "react";
import { useSpeech } from "../i18n/context";

/** A list and what is open of it: side by side where there is room, else one after the other. */
export function Panes({ list, pane, open }: { list: ReactNode; pane: ReactNode; open: boolean }) {
  const { t } = useSpeech();
  return (
    <div className={open ? "panes panes-open" : "panes"}>
      <section className="panes-list" aria-label={t("desk.list")}>{list}</section>
      <section className="panes-pane" aria-label={t("console.report")}>
        {pane || <p className="empty">{t("console.nothingOpen")}</p>}
      </section>
    </div>
  );
}

/** Moves the focus among the links of a list, from the one that has it or is open. */
export function moveFocus(list: HTMLElement | null, by: number): void {
  const links = [...(list?.querySelectorAll<HTMLElement>("a") ?? [])];
  const at = links.findIndex((l) => l === document.activeElement);
  const from = at >= 0 ? at : links.findIndex((l) => l.getAttribute("aria-current") === "true");
  const to = from < 0 ? (by > 0 ? 0 : links.length - 1) : Math.max(0, Math.min(links.length - 1, from + by));
  links[to]?.focus();
}

/** Keeps the row of what is open in sight, also where it was opened by key. */
export function useInSight(list: RefObject<HTMLElement | null>, id: string): void {
  useEffect(() => {
    list.current?.querySelector(`[aria-current="true"]`)?.scrollIntoView({ block: "nearest" });
  }, [list, id]);
}
