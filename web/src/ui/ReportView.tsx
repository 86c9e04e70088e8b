// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import type { OriginalText, Report, TimelineItem } from "../api/types";
import { useSpeech } from "../i18n/context";
import { formatTime } from "../lib/format";
import { pieces } from "../lib/mask";
import { Due, nextDeadline } from "./Due";
import { StateLine } from "./Phase";
import { PhotoStrip } from "./PhotoStrip";
import { Timeline } from "./Timeline";

interface Props {
  report: Report;
  timeline: readonly TimelineItem[] | undefined;
  /** What can be done; stands between the story so far and its details. */
  children?: ReactNode;
}

/** A report from top to bottom: where it stands, what it says, the answer, what happened. */
export function ReportView({ report, timeline, children }: Props) {
  const { t, lang, word } = useSpeech();
  const due = nextDeadline(report.deadlines);
  return (
    <article className="report">
      <h1 className="code code-small">{report.code}</h1>
      <p>
        <StateLine report={report} />
      </p>
      {due && (
        <p>
          <Due deadline={due} />
        </p>
      )}
      <Words report={report} />
      <PhotoStrip photos={report.photos} />
      <dl>
        {report.category && <Fact name={t("detail.category")} value={report.category.name} />}
        {(report.area || report.address) && <Fact name={t("detail.area")} value={[report.address, report.area?.name].filter(Boolean).join(", ")} />}
        {report.unit && <Fact name={t("detail.unit")} value={report.unit.name} />}
      </dl>
      <p className="quiet">{t("detail.sentAt", { when: formatTime(report.created_at, lang) })}</p>
      {report.answer && (
        <section className="answer">
          <h2>{t("detail.answer")}</h2>
          {report.outcome && <p><strong>{word("outcome", report.outcome)}</strong></p>}
          <p className="prose">{report.answer}</p>
        </section>
      )}
      {report.rating && <p>{t("detail.rated", { level: word("rating", report.rating.level) })}</p>}
      {children}
      {timeline && (
        <section>
          <h2>{t("detail.timeline")}</h2>
          <Timeline items={timeline} />
        </section>
      )}
    </article>
  );
}

/** What it says: the text that was shared, and behind it, to those who may see it, what was written. */
export function Words({ report: { description, original_text: original } }: { report: Pick<Report, "description" | "original_text"> }) {
  const { t } = useSpeech();
  if (!original) return <p className="prose">{description || <span className="quiet">{t("detail.notPublic")}</span>}</p>;
  if (!description || description === original.text) return <Original original={original} />;
  return (
    <>
      <p className="prose">{description}</p>
      <details>
        <summary>{t("desk.original")}</summary>
        <Original original={original} />
      </details>
    </>
  );
}

function Original({ original }: { original: OriginalText }) {
  const { t, word } = useSpeech();
  const cut = pieces(original);
  const kinds = [...new Set(cut.map((p) => p.kind).filter(Boolean))];
  return (
    <>
      <p className="prose">{cut.map((p, i) => (p.kind === "" ? p.text : <mark key={i}>{p.text}</mark>))}</p>
      {kinds.length > 0 && <p className="help">{t("desk.marked", { kinds: kinds.map((kind) => word("mark", kind)).join(", ") })}</p>}
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
