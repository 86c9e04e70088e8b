// SPDX-License-Identifier: Apache-2.0
import { ArrowLeft, Printer } from "lucide-react";
import { useEffect, useRef } from "react";
import type { StaffReport, StaffTimelineItem } from "../api/model";
import type { List } from "../api/types";
import { useSpeech } from "../i18n/context";
import { formatTime } from "../lib/format";
import { useLoad } from "../lib/load";
import { PhotoStrip } from "../ui/PhotoStrip";
import { StateLine } from "../ui/Phase";
import { Words } from "../ui/ReportView";
import { Loading, Trouble } from "../ui/Trouble";
import { Clocks } from "./Clocks";
import { useDesk } from "./desk";
import { Facts } from "./Facts";
import { Hold } from "./Hold";
import { Route } from "./Route";
import { Steps } from "./Steps";
import { Story } from "./Story";
import { Talk } from "./Talk";
import { Tasks } from "./Tasks";

interface Props {
  id: string;
  close: () => void;
  /** Something about the report was changed here. */
  changed: () => void;
}

const everyMs = 15_000;

/** A report with all that its reader may know: what it says, what can be done, where it stands, what happened. */
export function ReportPane({ id, close, changed }: Props) {
  const { lang, t } = useSpeech();
  const { client, seen } = useDesk();
  const path = `/reports/${encodeURIComponent(id)}`;
  const report = useLoad(() => client.get<StaffReport>(path), [client, id, lang], everyMs);
  const story = useLoad(() => client.get<List<StaffTimelineItem>>(`${path}/timeline`).then((l) => l.items), [client, id, lang, report.data?.updated_at]);
  const title = useRef<HTMLHeadingElement>(null);
  const there = report.data !== undefined;
  useEffect(() => { if (there) title.current?.focus(); }, [there]);
  useEffect(() => { if (report.data) seen.look(report.data); }, [report.data, seen]);
  const again = () => { report.reload(); story.reload(); changed(); };
  return (
    <article className="pane" aria-busy={report.loading && !report.data}>
      <div className="pane-top">
        <button type="button" className="button-quiet" onClick={close}><ArrowLeft size={20} aria-hidden="true" /> {t("desk.list")}</button>
        {report.data && <button type="button" className="button-quiet no-print" onClick={() => window.print()}><Printer size={18} aria-hidden="true" /> {t("console.print")}</button>}
      </div>
      <Trouble error={report.error} retry={report.reload} />
      {!report.data && !report.error && <Loading />}
      {report.data && <Whole report={report.data} story={story.data} again={again} title={title} />}
    </article>
  );
}

function Whole({ report, story, again, title }: { report: StaffReport; story: readonly StaffTimelineItem[] | undefined; again: () => void; title: React.RefObject<HTMLHeadingElement | null> }) {
  const { t, lang, word } = useSpeech();
  return (
    <>
      <header className="pane-head">
        <h1 ref={title} tabIndex={-1}>{report.category?.name ?? report.code}</h1>
        <p className="pane-facts">
          <StateLine report={report} />
          <span>{report.code}</span>
          <span className="quiet">{t("detail.sentAt", { when: formatTime(report.created_at, lang) })}</span>
        </p>
        <Hold report={report} changed={again} />
      </header>
      <div className="pane-what">
        <PhotoStrip photos={report.photos} />
        <Words report={report} />
        <Facts report={report} />
        {report.answer && (
          <section className="answer">
            <h2>{t("detail.answer")}</h2>
            {report.outcome && <p><strong>{word("outcome", report.outcome)}</strong></p>}
            <p className="prose">{report.answer}</p>
            {report.document && <p>{t("demand.document")}: {report.document}</p>}
            {report.rating && <p>{t("console.rated", { level: word("rating", report.rating.level) })}{report.rating.comment && ` “${report.rating.comment}”`}</p>}
          </section>
        )}
      </div>
      <div className="pane-side">
        <Steps report={report} changed={again} />
        <Clocks deadlines={report.deadlines} />
        <Tasks tasks={report.tasks} />
        <Route report={report} />
      </div>
      <div className="pane-rest">
        <Story items={story} report={report} />
        <Talk report={report} changed={again} />
      </div>
    </>
  );
}
