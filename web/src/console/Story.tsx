// SPDX-License-Identifier: Apache-2.0
import type { StaffReport, StaffTimelineItem } from "../api/model";
import { useSpeech, type Speech } from "../i18n/context";
import { formatTime } from "../lib/format";
import { PhotoStrip } from "../ui/PhotoStrip";
import { Loading } from "../ui/Trouble";
import { useDesk } from "./desk";
import { spanWords } from "./words";

/** What happened to a report from first to last: who, what, why, and how long it stood before. */
export function Story({ items, report }: { items: readonly StaffTimelineItem[] | undefined; report: StaffReport }) {
  const { t, lang, word } = useSpeech();
  const { me, pack } = useDesk();
  const labels = new Map(pack?.workflows.flatMap((w) => w.transitions.map((s) => [s.name, s.label] as const)));
  const clocks = new Map(report.deadlines.map((d) => [d.kind, d.label]));
  const title = (item: StaffTimelineItem) => {
    if (item.kind === "report.moved" || item.kind === "report.submitted") return (item.step && labels.get(item.step)) || item.state_label || word("event", item.kind);
    return (item.step && labels.get(item.step)) || word("event", item.kind);
  };
  return (
    <section aria-labelledby="story-title">
      <h2 id="story-title">{t("detail.timeline")}</h2>
      {!items && <Loading />}
      <ol className="timeline">
        {items?.map((item) => (
          <li key={item.pos}>
            <p>
              <strong>{title(item)}</strong>
              {item.unit && <span> · {item.unit.name}</span>}
              {item.clock && <span> · {clocks.get(item.clock) ?? item.clock}{item.degree && item.kind === "deadline.reminded" ? ` ${item.degree}%` : ""}</span>}
            </p>
            {item.kind !== "report.submitted" && item.text && <p className="prose said-then">{item.text}</p>}
            {item.until && <p>{t("console.until", { when: formatTime(item.until, lang) })}{item.document && ` · ${item.document}`}</p>}
            <PhotoStrip photos={item.kind === "report.submitted" ? [] : item.photos} />
            <p className="quiet">
              <time dateTime={item.at}>{formatTime(item.at, lang)}</time>
              {item.actor && ` · ${actorWords(item.actor, me.id, t)}`}
              {item.stood_s !== undefined && item.stood_s >= 60 && ` · ${t("console.stood", { span: spanWords(item.stood_s, lang) })}`}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Who did it, as far as one may know: a kind of person, or you. */
function actorWords(actor: string, me: string, t: Speech["t"]): string {
  const [kind = "", id = ""] = actor.split(":");
  if (id === me) return t("console.you");
  if (kind === "staff") return t("console.staff");
  return kind === "system" ? t("console.system") : t("console.reporter");
}
