// SPDX-License-Identifier: Apache-2.0
import { useId, useRef, useState, type RefObject } from "react";
import type { StaffReport, Template } from "../api/model";
import type { Demand, List, OfferedAction } from "../api/types";
import { useSpeech } from "../i18n/context";
import { formatTime } from "../lib/format";
import { useLoad } from "../lib/load";
import { masked } from "../lib/mask";
import type { Answers } from "../lib/demands";
import type { Aids } from "../ui/DemandField";
import { Field, FieldError } from "../ui/Field";
import { useDesk } from "./desk";

/** Which templates begin which text: by the demand, else by the step. */
function templateKind(action: OfferedAction, demand: Demand): string {
  if (demand.field !== "text") return "";
  if (demand.type === "answer" || demand.type === "question") return demand.type;
  return ["reject", "transfer", "return"].includes(action.name) ? action.name : "";
}

/** What the console helps with: templates, a redactor, and reports that may be the same. */
export function aidsFor(action: OfferedAction, report: StaffReport): Aids {
  return (demand, answers, change, error) => {
    const kind = templateKind(action, demand);
    if (kind !== "") {
      const text = typeof answers.text === "string" ? answers.text : "";
      return { after: <Templates kind={kind} report={report.id} insert={(more) => change({ text: [text.trim(), more].filter(Boolean).join("\n\n") })} /> };
    }
    if (demand.field === "redacted_text" && report.original_text) return { instead: <Redactor {...{ demand, answers, change, error, report }} /> };
    if (demand.field === "duplicate_of") return { instead: <SameAs {...{ demand, answers, change, error, report }} /> };
    return {};
  };
}

/** Texts to begin from. They are put in, never sent by themselves. */
function Templates({ kind, report, insert }: { kind: string; report: string; insert: (text: string) => void }) {
  const { t, lang } = useSpeech();
  const { client } = useDesk();
  const list = useLoad(() => client.get<List<Template>>("/templates", { kind, report_id: report }).then((l) => l.items), [client, kind, report, lang]);
  const box = useRef<HTMLDetailsElement>(null);
  if (!list.data || list.data.length === 0) return null;
  const choose = (text: string) => {
    insert(text);
    const form = box.current?.closest("form");
    if (box.current) box.current.open = false;
    requestAnimationFrame(() => selectGap(form?.querySelector("textarea[data-field=text]")));
  };
  return (
    <details className="templates" ref={box}>
      <summary>{t("console.templates", { count: list.data.length })}</summary>
      <ul className="plain">
        {list.data.map((template) => (
          <li key={template.code}>
            <button type="button" className="card" onClick={() => choose(template.text)}>
              <strong>{template.label}</strong>
              <span className="quiet">{template.text}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Goes to what a template leaves open, such as "[nêu cụ thể]". */
function selectGap(field: HTMLTextAreaElement | null | undefined): void {
  const gap = field && /\[[^\]]+\]/.exec(field.value);
  field?.focus();
  if (gap) field.setSelectionRange(gap.index, gap.index + gap[0].length);
}

interface AidProps {
  demand: Demand;
  answers: Answers;
  change: (part: Answers) => void;
  error: string | undefined;
  report: StaffReport;
}

/** The original with what is private marked, and under it what others will read. */
function Redactor({ demand, answers, change, error, report }: AidProps) {
  const { t } = useSpeech();
  const area = useRef<HTMLTextAreaElement>(null);
  const text = typeof answers.redacted_text === "string" ? answers.redacted_text : "";
  const set = (redacted_text: string) => change({ redacted_text });
  const original = report.original_text?.text ?? "";
  return (
    <div className="redactor">
      <Field field="redacted_text" label={t("demand.redacted_text")} error={error} optional={!demand.required} help={t(demand.required ? "console.redactHelp" : "action.redactedHelp")}>
        {(p) => <textarea {...p} ref={area} rows={4} value={text} onChange={(e) => set(e.target.value)} />}
      </Field>
      <div className="row row-start">
        <button type="button" className="button" onClick={() => cut(area, text, set)}>{t("console.cut")}</button>
        <button type="button" className="button" onClick={() => set(masked(report.original_text) || original)}>{t("console.again")}</button>
      </div>
    </div>
  );
}

/** Puts an ellipsis where something is selected, and the cursor after it. */
function cut(area: RefObject<HTMLTextAreaElement | null>, text: string, set: (text: string) => void): void {
  const field = area.current;
  if (!field) return;
  const [from, to] = [field.selectionStart, field.selectionEnd];
  field.focus();
  if (from !== to) set(`${text.slice(0, from)}…${text.slice(to)}`);
}

/** Reports near this one to choose from, or any by its code. */
function SameAs({ demand, answers, change, error, report }: AidProps) {
  const { t, lang } = useSpeech();
  const { client } = useDesk();
  const name = useId();
  const [code, setCode] = useState("");
  const chosen = typeof answers.duplicate_of === "string" ? answers.duplicate_of : "";
  const place = report.location;
  const sought = code.trim().length >= 8;
  const found = useLoad(() => {
    const ask = sought ? { code: code.trim() } : place ? { near: `${place.lat},${place.lon}`, radius: 400 } : { category: report.category?.code, area: report.area?.id };
    return client.get<List<StaffReport>>("/reports", { ...ask, limit: 20 }).then((l) => l.items.filter((r) => r.id !== report.id));
  }, [client, sought ? code : "", report.id]);
  return (
    <fieldset>
      <legend>{t("demand.duplicate_of")}</legend>
      <Field field={demand.field} label={t("console.byCode")} optional help={t("console.nearHelp")}>
        {(p) => <input {...p} autoComplete="off" value={code} onChange={(e) => setCode(e.target.value)} />}
      </Field>
      {found.data?.length === 0 && <p className="quiet">{t("console.noneNear")}</p>}
      <div className="several-list">
        {found.data?.map((r) => (
          <label key={r.id} className="check candidate">
            <input type="radio" name={name} checked={chosen === r.id} onChange={() => change({ duplicate_of: r.id })} />
            {r.photos[0]?.thumb_url && <img src={r.photos[0].thumb_url} alt="" width="56" height="56" />}
            <span>
              {r.description || r.original_text?.text || r.category?.name}
              <span className="quiet block">{[r.code, r.state_label, formatTime(r.created_at, lang)].join(" · ")}</span>
            </span>
          </label>
        ))}
      </div>
      {error && <FieldError text={error} />}
    </fieldset>
  );
}
