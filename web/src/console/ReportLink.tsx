// SPDX-License-Identifier: Apache-2.0
import { ImageOff, UserRound } from "lucide-react";
import type { StaffReport } from "../api/model";
import type { Deadline } from "../api/types";
import { useSpeech } from "../i18n/context";
import { hoursLeft } from "../lib/format";
import { Due, nextDeadline } from "../ui/Due";
import { PhaseSign } from "../ui/Phase";
import { hashOf, type Address } from "./address";
import { useDesk } from "./desk";
import { ageWords } from "./words";
import { heldByOther } from "./queue";

/** What a row shows; a short report has no photos and no text. */
export type Row = Pick<StaffReport, "id" | "code" | "phase" | "state_label" | "category" | "area" | "urgent" | "sos" | "created_at" | "updated_at"> &
  Partial<Pick<StaffReport, "photos" | "description" | "original_text" | "claim" | "deadlines" | "unit">>;

interface Props {
  report: Row;
  address: Address;
  deadline?: Deadline | undefined;
  /** What the reader's unit is in it. */
  part?: string | undefined;
}

/** A report in a list: photo, what and where, how old, how long it has, who has it. */
export function ReportLink({ report, address, deadline, part }: Props) {
  const { t, lang } = useSpeech();
  const { seen, me } = useDesk();
  const due = deadline ?? nextDeadline(report.deadlines);
  const photo = report.photos?.find((p) => p.status === "ready" && p.thumb_url);
  const mark = address.id === report.id ? "" : seen.mark(report);
  const text = report.original_text?.text || report.description;
  const held = report.claim && Date.parse(report.claim.until) > Date.now() ? report.claim : undefined;
  return (
    <a className={report.sos ? "item item-sos" : "item"} href={hashOf({ ...address, id: report.id })} aria-current={address.id === report.id ? "true" : undefined}>
      {photo ? <img src={photo.thumb_url} alt="" loading="lazy" width="72" height="72" /> : <span className="no-photo" aria-hidden="true"><ImageOff size={22} /></span>}
      <span className="item-words">
        <span className="item-head">
          <PhaseSign phase={report.phase} />
          <span>{report.state_label}</span>
          {report.sos ? <strong className="sos-word">SOS</strong> : report.urgent && <strong className="urgent"><span aria-hidden="true">▲ </span>{t("mine.urgent")}</strong>}
          {mark && <span className="mark">{t(mark === "new" ? "inbox.new" : "console.changed")}</span>}
          {part && <span className="chip">{part}</span>}
        </span>
        <span className="row-text">{text || report.category?.name}</span>
        <span className="quiet">{[report.category?.name, report.area?.name, ageWords(report.created_at, Date.now(), lang)].filter(Boolean).join(" · ")}</span>
        {held && (
          <span className="quiet held"><UserRound size={14} aria-hidden="true" /> {heldByOther(report, me.id, Date.now()) ? t("console.heldBy", { who: held.name ?? "" }) : t("console.heldByMe")}</span>
        )}
        {due && <Due deadline={due} />}
        {due && <LeftBar deadline={due} />}
      </span>
    </a>
  );
}

/** Time left as a bar: full at three working days. The words beside it say the same. */
function LeftBar({ deadline }: { deadline: Deadline }) {
  const left = hoursLeft(deadline);
  if (!left) return null;
  const late = left.minutes < 0 || (left.minutes === 0 && deadline.met === false);
  const share = late ? 1 : Math.min(1, Math.max(0.03, left.hours / 24));
  return <span className={late ? "bar bar-late" : "bar"} aria-hidden="true"><span style={{ width: `${share * 100}%` }} /></span>;
}
