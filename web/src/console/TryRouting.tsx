// SPDX-License-Identifier: Apache-2.0
import { useRef, useState } from "react";
import { ApiError, firstWrong, placeProblem } from "../api/problem";
import type { PackDetail, Trial } from "../api/model";
import type { Problem } from "../api/types";
import { useSpeech } from "../i18n/context";
import { findCategory } from "../lib/categories";
import { formatTime } from "../lib/format";
import { Field, focusField } from "../ui/Field";
import { FormProblem, Trouble } from "../ui/Trouble";
import { categoryOptions, useDesk } from "./desk";
import { Why } from "./Route";

const fields = ["category", "location", "description", "attributes"];

/** Asks where a report would go, and why. Nothing is filed. */
export function TryRouting({ pack }: { pack: PackDetail }) {
  const { t } = useSpeech();
  const { client, categories, areas } = useDesk();
  const [form, setForm] = useState<{ category: string; area: string; description: string; urgent: boolean; attributes: Record<string, string> }>({ category: "", area: "", description: "", urgent: false, attributes: {} });
  const [trial, setTrial] = useState<Trial>();
  const [problem, setProblem] = useState<Problem>();
  const [trouble, setTrouble] = useState<unknown>(null);
  const element = useRef<HTMLFormElement>(null);
  const placed = placeProblem(problem, fields);
  const asked = findCategory([...categories], form.category)?.attributes ?? [];
  const ask = async () => {
    setProblem(undefined);
    setTrouble(null);
    try {
      setTrial(await client.post<Trial>("/admin/routing/try", {
        category: form.category, description: form.description, urgent: form.urgent, pack: pack.number,
        attributes: Object.fromEntries(Object.entries(form.attributes).filter(([, v]) => v !== "")), ...(form.area ? { location: { area_id: form.area } } : {}),
      }));
    } catch (error) {
      setTrial(undefined);
      if (!(error instanceof ApiError)) return setTrouble(error);
      setProblem(error.problem);
      const wrong = firstWrong(placeProblem(error.problem, fields), fields);
      if (wrong) focusField(element.current, wrong);
    }
  };
  return (
    <section aria-labelledby="try-title" className="try">
      <h2 id="try-title">{t("console.try")}</h2>
      <form ref={element} noValidate onSubmit={(e) => { e.preventDefault(); void ask(); }}>
        {problem && <FormProblem problem={problem} rest={placed.rest} title={t("console.notTried")} />}
        <Trouble error={trouble} />
        <div className="try-fields">
          <Field field="category" label={t("console.filter.category")} error={placed.at.category}>
            {(p) => (
              <select {...p} value={form.category} onChange={(e) => setForm({ ...form, category: e.target.value, attributes: {} })}>
                <option value="">{t("common.choose")}</option>
                {categoryOptions(categories).map((o) => <option key={o.key} value={o.key}>{o.name}</option>)}
              </select>
            )}
          </Field>
          <Field field="location" label={t("console.filter.area")} error={placed.at.location} optional>
            {(p) => (
              <select {...p} value={form.area} onChange={(e) => setForm({ ...form, area: e.target.value })}>
                <option value="">{t("console.anywhere")}</option>
                {areas.map((a) => <option key={a.id} value={String(a.id)}>{a.name}</option>)}
              </select>
            )}
          </Field>
          {asked.filter((a) => (a.options ?? []).length > 0).map((a) => (
            <Field key={a.code} field={`attributes.${a.code}`} label={a.label} optional>
              {(p) => (
                <select {...p} value={form.attributes[a.code] ?? ""} onChange={(e) => setForm({ ...form, attributes: { ...form.attributes, [a.code]: e.target.value } })}>
                  <option value="">{t("console.unanswered")}</option>
                  {a.options?.map((o) => <option key={o.key} value={o.key}>{o.name}</option>)}
                </select>
              )}
            </Field>
          ))}
          <Field field="description" label={t("report.describe")} error={placed.at.description} optional>
            {(p) => <input {...p} value={form.description} onChange={(e) => setForm({ ...form, description: e.target.value })} />}
          </Field>
        </div>
        <div className="row row-start">
          <label className="check"><input type="checkbox" checked={form.urgent} onChange={(e) => setForm({ ...form, urgent: e.target.checked })} /> {t("mine.urgent")}</label>
          <button type="submit" className="button button-main">{t("console.ask")}</button>
        </div>
      </form>
      <div role="status">{trial && <Answer trial={trial} />}</div>
    </section>
  );
}

function Answer({ trial }: { trial: Trial }) {
  const { t, lang, word } = useSpeech();
  return (
    <div className="answer">
      <p><strong>{trial.lead ? trial.lead.name : t("console.noUnit")}</strong> · {trial.workflow.name} · {word("urgency", trial.urgency)}</p>
      {trial.support.length > 0 && <p>{t("console.with", { units: trial.support.map((u) => u.name).join(", ") })}</p>}
      {trial.deadlines.map((d) => <p key={d.kind}>{d.label || d.kind}: {t("detail.by", { when: formatTime(d.due_at, lang) })}{d.unit && <span className="quiet"> · {d.unit.name}</span>}</p>)}
      <Why trace={{ rule: trial.rule, steps: trial.steps, values: trial.values, ...(trial.why ? { why: trial.why } : {}) }} />
    </div>
  );
}
