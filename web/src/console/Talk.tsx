// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import type { Note, StaffReport } from "../api/model";
import { useSpeech } from "../i18n/context";
import { formatTime } from "../lib/format";
import { keyKeeper } from "../lib/ids";
import { Field } from "../ui/Field";
import { Trouble } from "../ui/Trouble";
import { ofCentre, useDesk } from "./desk";

/** What went between reporter and operations centre, and the notes that only staff read. */
export function Talk({ report, changed }: { report: StaffReport; changed: () => void }) {
  const { t } = useSpeech();
  const { me } = useDesk();
  return (
    <>
      <section aria-labelledby="thread-title">
        <h2 id="thread-title">{t("console.thread")}</h2>
        {report.thread.length === 0 && <p className="quiet">{t("console.threadEmpty")}</p>}
        <ol className="plain talk">
          {report.thread.map((item) => <Said key={item.id} at={item.at} text={item.text} who={t(item.from === "reporter" ? "console.reporter" : "console.centre")} mine={item.from === "operations"} />)}
        </ol>
        {ofCentre(me.roles) && <Write report={report.id} to="thread" label={t("console.write")} send={t("console.sendMessage")} changed={changed} />}
      </section>
      <section aria-labelledby="notes-title">
        <h2 id="notes-title">{t("console.notes")}</h2>
        {report.directives.map((d) => <p key={d.at} className="note"><strong>{t("console.directive")} {d.document}</strong><br />{d.text}</p>)}
        <ol className="plain talk">
          {report.notes.map((note) => <Said key={note.id} at={note.at} text={note.text} who={authorOf(note, me.id, t("console.you"), t("console.staff"))} mine={note.author === `staff:${me.id}`} />)}
        </ol>
        <Write report={report.id} to="notes" label={t("console.writeNote")} send={t("console.addNote")} changed={changed} />
      </section>
    </>
  );
}

function authorOf(note: Note, me: string, you: string, staff: string): string {
  return note.author === `staff:${me}` ? you : staff;
}

function Said({ at, text, who, mine }: { at: string; text: string; who: string; mine: boolean }) {
  const { lang } = useSpeech();
  return (
    <li className={mine ? "said-item said-mine" : "said-item"}>
      <p className="quiet">{who} · <time dateTime={at}>{formatTime(at, lang)}</time></p>
      <p className="prose">{text}</p>
    </li>
  );
}

interface WriteProps {
  report: string;
  to: "thread" | "notes";
  label: string;
  send: string;
  changed: () => void;
}

/** One line to be written; what is begun stays. */
function Write({ report, to, label, send, changed }: WriteProps) {
  const { client, drafts } = useDesk();
  const name = `${report} ${to}`;
  const [text, setText] = useState(() => String(drafts.get(name)?.text ?? ""));
  const [keys] = useState(keyKeeper);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const change = (next: string) => {
    setText(next);
    if (next === "") drafts.drop(name);
    else drafts.put(name, { text: next });
  };
  const post = () => {
    const body = { text: text.trim() };
    if (body.text === "" || busy) return;
    setBusy(true);
    setError(null);
    client.post(`/reports/${report}/${to}`, body, { key: keys.keyFor(body) })
      .then(() => { keys.renew(); change(""); changed(); }, setError)
      .finally(() => setBusy(false));
  };
  return (
    <form className="write no-print" onSubmit={(e) => { e.preventDefault(); post(); }} onKeyDown={(e) => e.key === "Enter" && (e.ctrlKey || e.metaKey) && post()}>
      <Field field={to} label={label}>{(p) => <textarea {...p} rows={2} value={text} onChange={(e) => change(e.target.value)} />}</Field>
      <Trouble error={error} />
      <button type="submit" className="button" disabled={busy || text.trim() === ""}>{send}</button>
    </form>
  );
}
