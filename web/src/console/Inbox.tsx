// SPDX-License-Identifier: Apache-2.0
import { useRef } from "react";
import type { StaffInboxItem, StaffReport } from "../api/model";
import type { Deadline, List } from "../api/types";
import { useSpeech } from "../i18n/context";
import { useLoad } from "../lib/load";
import { Loading, Trouble } from "../ui/Trouble";
import { useAddress } from "./address";
import { ofUnit, useDesk } from "./desk";
import { useKeys } from "./keys";
import { moveFocus, Panes, useInSight } from "./Panes";
import { ReportLink } from "./ReportLink";
import { ReportPane } from "./ReportPane";

const everyMs = 15_000;

/** A unit's work by deadline, and the report that is open beside it. */
export function Inbox() {
  const { t, lang } = useSpeech();
  const desk = useDesk();
  const [address, go] = useAddress();
  const late = address.filter.view === "late";
  const inbox = useLoad(() => desk.client.get<List<StaffInboxItem>>("/inbox", { limit: 200, overdue: late || undefined }).then((l) => ({ late, items: l.items })), [desk.client, late, lang], everyMs);
  const answered = inbox.data?.late === late;
  // The inbox has no photos and no texts: those come with the unit's open reports.
  const whole = useLoad(() => desk.client.get<List<StaffReport>>("/reports", { phase: ["received", "working"], limit: 200 }).then((l) => new Map(l.items.map((r) => [r.id, r]))), [desk.client, lang], everyMs * 4);
  const list = useRef<HTMLUListElement>(null);
  useInSight(list, address.id);
  useKeys({ j: () => moveFocus(list.current, 1), k: () => moveFocus(list.current, -1), ...(address.id ? { Escape: () => go({ id: "" }) } : {}) }, desk.keys);
  const items = answered ? (inbox.data?.items ?? []) : [];
  const part = (item: StaffInboxItem) => (item.task && ofUnit(desk.me.roles) ? t(item.task.lead ? "console.lead" : "console.support") : undefined);
  return (
    <Panes
      open={address.id !== ""}
      list={
        <>
          <h1>{t("console.inbox")}</h1>
          <nav aria-label={t("console.looks")} className="looks">
            {(["", "late"] as const).map((view) => (
              <button key={view} type="button" aria-pressed={late === (view === "late")} onClick={() => go({ id: "", filter: { view } })}>
                {t(view === "late" ? "console.look.late" : "console.look.deadline")}
              </button>
            ))}
          </nav>
          <p role="status" className="quiet count">{answered ? t("console.count", { count: items.length }) : ""}</p>
          <Trouble error={inbox.error} retry={inbox.reload} />
          {!answered && !inbox.error && <Loading />}
          {answered && items.length === 0 && <p className="empty">{t(late ? "console.empty.late" : "console.empty.inbox")}</p>}
          <ul className="plain list" ref={list}>
            {items.map((item) => (
              <li key={`${item.report.id} ${item.task_id ?? ""}`}>
                <ReportLink report={{ ...whole.data?.get(item.report.id), ...item.report }} deadline={deadlineOf(item)} address={address} part={part(item)} />
              </li>
            ))}
          </ul>
        </>
      }
      pane={address.id && <ReportPane key={address.id} id={address.id} close={() => go({ id: "" })} changed={inbox.reload} />}
    />
  );
}

function deadlineOf(item: StaffInboxItem): Deadline | undefined {
  if (!item.due_at) return undefined;
  return { kind: "inbox", due_at: item.due_at, remaining_working_s: item.remaining_working_s ?? null, ...(item.overdue ? { met: false } : {}) };
}
