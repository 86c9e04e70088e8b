// SPDX-License-Identifier: Apache-2.0
import type { Deadline, Report } from "../api/types";
import { useSpeech } from "../i18n/context";
import { formatTime } from "../lib/format";
import { Due, nextDeadline } from "./Due";
import { StateLine } from "./Phase";

/** A report in a list: where it stands, what it is, how long it has. */
export function ReportRow({ report, deadline }: { report: Report; deadline?: Deadline | undefined }) {
  const { lang } = useSpeech();
  const due = deadline ?? nextDeadline(report.deadlines);
  const text = report.description || report.original_text?.text;
  return (
    <>
      <span className="row-head">
        <StateLine report={report} />
        <span className="quiet">{report.code}</span>
      </span>
      <span className="row-text">{text || report.category?.name}</span>
      <span className="quiet">
        {[text ? report.category?.name : "", report.area?.name, formatTime(report.created_at, lang)].filter(Boolean).join(" · ")}
      </span>
      {due && <Due deadline={due} />}
    </>
  );
}
