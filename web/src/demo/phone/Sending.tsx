// SPDX-License-Identifier: Apache-2.0
import { CircleCheck, CloudOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useSpeech } from "../../i18n/context";
import type { Slot } from "../../lib/draft";
import { formatTime } from "../../lib/format";
import type { Entry } from "../../lib/outbox";
import { goTo } from "../../lib/route";
import { nextDeadline } from "../../ui/Due";
import { usePhone } from "./context";

/** Said while something is on its way, and while it waits for a connection. */
export function Waiting({ entry, slot, edit }: { entry: Entry; slot: Slot; edit: () => void }) {
  const { t } = useSpeech();
  const { outbox } = usePhone();
  const busy = entry.why === "busy";
  const waits = entry.status === "waiting" && entry.tries > 0;
  return (
    <div className="sending" role="status" aria-live="polite">
      {!waits && <h1>{t("report.sending")}</h1>}
      {waits && (
        <>
          <CloudOff size={56} strokeWidth={1.5} aria-hidden="true" />
          <h1>{t(busy ? "outbox.busy" : "outbox.offline")}</h1>
          <p>{t(busy ? "outbox.busyBody" : "outbox.offlineBody")}</p>
          <button type="button" className="button button-main button-wide" onClick={() => void outbox[slot].attempt()}>
            {t("outbox.now")}
          </button>
          <button type="button" className="button-quiet" onClick={edit}>
            {t("outbox.edit")}
          </button>
          <p className="quiet">{t("outbox.editNote")}</p>
        </>
      )}
    </div>
  );
}

/** The code, large, and what happens next with dates. */
export function Sent({ entry, slot }: { entry: Entry; slot: Slot }) {
  const { t, lang } = useSpeech();
  const { outbox } = usePhone();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    title.current?.focus();
  }, []);
  const report = entry.report;
  if (!report) return null;
  const due = nextDeadline(report.deadlines);
  return (
    <div className="sent">
      <CircleCheck size={56} strokeWidth={1.5} aria-hidden="true" />
      <h1 ref={title} tabIndex={-1}>
        {t(slot === "sos" ? "sos.sent" : "sent.title")}
      </h1>
      <p className="quiet">{t("sent.code")}</p>
      <p className="code">{report.code}</p>
      <CopyButton text={report.code} />
      {slot === "sos" ? <p>{t("sos.sentNext")}</p> : <NextSteps />}
      {report.unit && <p>{t("sent.unit", { unit: report.unit.name })}</p>}
      {due && <p>{t("sent.due", { when: formatTime(due.due_at, lang) })}</p>}
      <a className="button button-main button-wide" href={`#/report/${encodeURIComponent(report.id)}`}>
        {t("sent.open")}
      </a>
      <button type="button" className="button-quiet" onClick={() => { outbox[slot].clear(); goTo("home"); }}>
        {t("sent.another")}
      </button>
    </div>
  );
}

function NextSteps() {
  const { t } = useSpeech();
  return (
    <>
      <h2>{t("sent.next")}</h2>
      <ol className="steps">
        <li>{t("sent.step1")}</li>
        <li>{t("sent.step2")}</li>
        <li>{t("sent.step3")}</li>
      </ol>
    </>
  );
}

function CopyButton({ text }: { text: string }) {
  const { t } = useSpeech();
  const [copied, setCopied] = useState(false);
  if (!navigator.clipboard) return null;
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true), () => setCopied(false));
  return (
    <button type="button" className="button" onClick={() => void copy()}>
      <span role="status">{t(copied ? "sent.copied" : "sent.copy")}</span>
    </button>
  );
}
