// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "react";
import type { Client } from "../../api/client";
import { ApiError } from "../../api/problem";
import type { Deadline, InboxItem, List, Report } from "../../api/types";
import { useSpeech } from "../../i18n/context";
import { useLoad } from "../../lib/load";
import { ReportRow } from "../../ui/ReportRow";
import { Loading, Trouble } from "../../ui/Trouble";

interface Props {
  client: Client;
  open: (id: string) => void;
  /** The session has ended. */
  signedOut: () => void;
}

const phases = ["received", "working", "answered", "ended"] as const;

/** What waits for this person, by deadline, or all they may see. */
export function Queue({ client, open, signedOut }: Props) {
  const { t, word, lang } = useSpeech();
  const [mode, setMode] = useState<"inbox" | "all">("inbox");
  const [phase, setPhase] = useState("");
  const list = useLoad(
    () => (mode === "inbox" ? client.get<List<InboxItem>>("/inbox").then((l) => l.items) : client.get<List<Report>>("/reports", { phase }).then((l) => l.items.map((report) => ({ report }) as InboxItem))),
    [client, mode, phase, lang],
    5000,
  );
  const gone = list.error instanceof ApiError && list.error.problem.status === 401;
  useEffect(() => {
    if (gone) signedOut();
  }, [gone, signedOut]);
  return (
    <section aria-label={t("desk.list")}>
      <div className="segments" role="radiogroup" aria-label={t("desk.list")}>
        {(["inbox", "all"] as const).map((m) => (
          <label key={m} className="segment">
            <input type="radio" name="desk-mode" checked={mode === m} onChange={() => setMode(m)} />
            <span>{t(m === "inbox" ? "desk.queue" : "desk.all")}</span>
          </label>
        ))}
      </div>
      {mode === "all" && (
        <label className="field inline">
          {t("desk.filterPhase")}
          <select value={phase} onChange={(e) => setPhase(e.target.value)}>
            <option value="">{t("desk.filterAny")}</option>
            {phases.map((p) => (
              <option key={p} value={p}>
                {word("phase", p)}
              </option>
            ))}
          </select>
        </label>
      )}
      <Trouble error={list.error} retry={list.reload} />
      {!list.data && !list.error && <Loading />}
      {list.data?.length === 0 && <p className="empty">{t(mode === "inbox" ? "desk.empty" : "desk.emptyAll")}</p>}
      <ul className="cards">
        {list.data?.map((item) => (
          <li key={`${item.report.id} ${item.task_id ?? ""}`}>
            <button type="button" className="card" onClick={() => open(item.report.id)}>
              <ReportRow report={item.report} deadline={deadlineOf(item)} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function deadlineOf(item: InboxItem): Deadline | undefined {
  if (!item.due_at) return undefined;
  return { kind: "inbox", due_at: item.due_at, remaining_working_s: item.remaining_working_s ?? null };
}
