// SPDX-License-Identifier: Apache-2.0
import { useState, type ReactNode } from "react";
import type { Client } from "../api/client";
import type { Demand, Option } from "../api/types";
import { useSpeech } from "../i18n/context";
import { controlOf, optionsOf, takesDocument, type Answers } from "../lib/demands";
import { Field, FieldError } from "./Field";
import { Upload } from "./Upload";

/** Lists that a demand may choose from and that do not come with it. */
export interface Choices {
  units: Option[];
  categories: Option[];
}

/** Help with one demand that only some pages have: a control of their own, or something beneath the common one. */
export type Aids = (demand: Demand, answers: Answers, change: (part: Answers) => void, error: string | undefined) => { instead?: ReactNode; after?: ReactNode };

interface Props {
  demand: Demand;
  answers: Answers;
  change: (part: Answers) => void;
  errors: Record<string, string>;
  choices: Choices;
  client: Client;
  aids?: Aids | undefined;
}

/** One demand of an action, with the help there is. */
export function DemandField(props: Props) {
  const aid = props.aids?.(props.demand, props.answers, props.change, props.errors[props.demand.field]) ?? {};
  return (
    <>
      {aid.instead ?? <Control {...props} />}
      {aid.after}
    </>
  );
}

function Control(props: Props) {
  const { demand, answers, change, errors, choices } = props;
  const { t, word } = useSpeech();
  const { field } = demand;
  const byType = word("demand", demand.type);
  const label = byType === demand.type ? word("demand", field) : byType;
  const text = typeof answers[field] === "string" ? answers[field] : "";
  const set = (value: unknown) => change({ [field]: value });
  const common = { field, label, error: errors[field], optional: !demand.required };
  const control = controlOf(demand);
  switch (control) {
    case "proof":
      return <Proof {...props} label={label} />;
    case "rating":
      return <Rating {...props} label={label} />;
    case "text": {
      const min = demand.min_length ?? 0;
      const redacted = field === "redacted_text" ? t("action.redactedHelp") : undefined;
      const help = min > 0 ? t("action.minLength", { min, count: [...text.trim()].length }) : redacted;
      return <Field {...common} help={help}>{(p) => <textarea {...p} rows={4} value={text} onChange={(e) => set(e.target.value)} />}</Field>;
    }
    case "when":
      return <Field {...common}>{(p) => <input {...p} type="datetime-local" value={localTime(text)} onChange={(e) => set(instant(e.target.value))} />}</Field>;
    case "line":
      return <Field {...common}>{(p) => <input {...p} autoComplete="off" value={text} onChange={(e) => set(e.target.value)} />}</Field>;
    case "choice":
    case "unit":
    case "category":
    case "units": {
      const given = optionsOf(demand).map((o) => (o.name === o.key ? { ...o, name: word(field, o.key) } : o));
      const options = given.length > 0 ? given : field === "category" ? choices.categories : choices.units;
      const none = field === "category" && !demand.required ? t("action.keep") : t("common.choose");
      return control === "units" ? <Several {...common} options={options} value={answers[field]} set={set} /> : <One {...common} none={none} options={options} value={text} set={set} />;
    }
  }
}

interface ChoiceProps {
  field: string;
  label: string;
  error: string | undefined;
  optional: boolean;
  options: Option[];
  set: (value: unknown) => void;
}

function One({ options, value, set, none, ...common }: ChoiceProps & { value: string; none: string }) {
  return (
    <Field {...common}>
      {(p) => (
        <select {...p} value={value} onChange={(e) => set(e.target.value)}>
          <option value="">{none}</option>
          {options.map((o) => (
            <option key={o.key} value={o.key}>
              {o.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Ticks in a list that can be narrowed by typing. */
function Several({ options, value, set, field, label, error, optional }: ChoiceProps & { value: unknown }) {
  const { t } = useSpeech();
  const [sought, setSought] = useState("");
  const chosen = Array.isArray(value) ? (value as string[]) : [];
  const shown = options.filter((o) => chosen.includes(o.key) || o.name.toLowerCase().includes(sought.toLowerCase().trim()));
  const toggle = (key: string) => set(chosen.includes(key) ? chosen.filter((k) => k !== key) : [...chosen, key]);
  return (
    <fieldset className="several">
      <legend>
        {label}
        {optional && <span className="quiet"> ({t("common.optional")})</span>}
      </legend>
      {options.length > 8 && <input type="search" data-field={field} aria-label={t("action.narrow", { label })} placeholder={t("action.narrow", { label })} value={sought} onChange={(e) => setSought(e.target.value)} />}
      <div className="several-list">
        {shown.map((o) => (
          <label key={o.key} className="check">
            <input type="checkbox" checked={chosen.includes(o.key)} onChange={() => toggle(o.key)} /> {o.name}
          </label>
        ))}
      </div>
      {error && <FieldError text={error} />}
    </fieldset>
  );
}

function Proof({ demand, answers, change, errors, client, label }: Props & { label: string }) {
  const { t } = useSpeech();
  const ids = Array.isArray(answers[demand.field]) ? (answers[demand.field] as string[]) : [];
  return (
    <>
      <Upload client={client} field={demand.field} label={label} ids={ids} change={(next) => change({ [demand.field]: next })} />
      {errors[demand.field] && <FieldError text={errors[demand.field] ?? ""} />}
      {takesDocument(demand) && (
        <Field field="document" label={t("demand.document")} optional error={errors.document}>
          {(p) => <input {...p} autoComplete="off" value={String(answers.document ?? "")} onChange={(e) => change({ document: e.target.value })} />}
        </Field>
      )}
    </>
  );
}

function Rating({ demand, answers, change, errors, label }: Props & { label: string }) {
  const { t, word } = useSpeech();
  const rating = (answers[demand.field] ?? {}) as { level?: string; comment?: string };
  const given = optionsOf(demand).map((o) => o.key);
  const levels = given.length > 0 ? given : ["satisfied", "acceptable", "unsatisfied"];
  return (
    <fieldset>
      <legend>{label}</legend>
      {levels.map((level) => (
        <label key={level} className="check">
          <input type="radio" name={demand.field} data-field={demand.field} checked={rating.level === level} onChange={() => change({ [demand.field]: { ...rating, level } })} /> {word("rating", level)}
        </label>
      ))}
      <Field field={`${demand.field}.comment`} label={t("demand.comment")} optional>
        {(p) => <textarea {...p} rows={2} value={rating.comment ?? ""} onChange={(e) => change({ [demand.field]: { ...rating, comment: e.target.value } })} />}
      </Field>
      {errors[demand.field] && <FieldError text={errors[demand.field] ?? ""} />}
    </fieldset>
  );
}

function instant(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

/** An instant as the control writes it, in this browser's zone. */
function localTime(iso: string): string {
  const at = new Date(iso);
  if (iso === "" || Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
