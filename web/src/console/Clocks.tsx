// SPDX-License-Identifier: Apache-2.0
import { Check, Pause } from "lucide-react";
import type { StaffDeadline } from "../api/model";
import { useSpeech } from "../i18n/context";
import { formatTime } from "../lib/format";
import { Due } from "../ui/Due";

/** Every clock of a report: what runs, what stands, what was kept or missed. */
export function Clocks({ deadlines }: { deadlines: readonly StaffDeadline[] }) {
  const { t } = useSpeech();
  if (deadlines.length === 0) return null;
  return (
    <section aria-labelledby="clocks-title">
      <h2 id="clocks-title">{t("console.clocks")}</h2>
      <ul className="plain clocks">
        {deadlines.map((d, i) => (
          <li key={`${d.kind} ${i}`}>
            <strong>{d.label || d.kind}</strong>
            <Clock deadline={d} />
            {d.extended && <span className="quiet">{t("console.extended", { document: d.document ?? "" })}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How one clock stands, in words. */
export function Clock({ deadline }: { deadline: StaffDeadline }) {
  const { t, lang } = useSpeech();
  if (deadline.met === true) return <span className="quiet due"><Check size={16} aria-hidden="true" /> {t("console.met", { when: formatTime(deadline.due_at, lang) })}</span>;
  if (deadline.paused) return <span className="quiet due"><Pause size={16} aria-hidden="true" /> {t("console.paused")}</span>;
  return <Due deadline={deadline} /> ;
}
