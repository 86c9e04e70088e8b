// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from "react";
import type { Client } from "../api/client";
import { ApiError, fieldPath, firstWrong, localProblem, placeProblem } from "../api/problem";
import type { Demand, OfferedAction, Problem, Report } from "../api/types";
import { useSpeech } from "../i18n/context";
import { actionBody, fieldsOf, unmet, type Answers } from "../lib/demands";
import { keyKeeper } from "../lib/ids";
import { masked } from "../lib/mask";
import { DemandField, type Aids, type Choices } from "./DemandField";
import { focusField } from "./Field";
import { FormProblem, Trouble } from "./Trouble";

/** What a form looks at of its report. */
type Shown = Pick<Report, "id" | "description" | "original_text">;

interface Props {
  client: Client;
  report: Shown;
  action: OfferedAction;
  choices: Choices;
  /** Staff name the version they decided on; citizens need none. */
  withVersion: boolean;
  done: (report: Report) => void;
  /** The report has changed meanwhile. */
  stale: () => void;
  cancel: () => void;
  /** Where what is written is kept until it is sent. */
  draft?: Draft;
  aids?: Aids;
  /** Begin where something is asked, or else at the button: one key more sends it. */
  focus?: boolean;
  /** What is said beside the buttons. */
  hint?: string;
}

/** What somebody began to write in this form. */
export interface Draft {
  get(): Answers | null;
  put(answers: Answers): void;
  drop(): void;
}

/** One step somebody may take, with what it demands. */
export function ActionForm({ client, report, action, choices, withVersion, done, stale, cancel, draft, aids, focus, hint }: Props) {
  const { t } = useSpeech();
  const demands = asked(action.demands ?? []);
  const [answers, setAnswers] = useState<Answers>(() => draft?.get() ?? proposed(action.name, demands, report));
  const [problem, setProblem] = useState<Problem>();
  const [trouble, setTrouble] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const keys = useRef(keyKeeper());
  const form = useRef<HTMLFormElement>(null);
  const placed = placeProblem(problem, fieldsOf(demands));
  useEffect(() => {
    if (!focus) return;
    const asks = demands.find((d) => d.required && answers[d.field] === undefined);
    if (asks) focusField(form.current, asks.field);
    if (!asks || !form.current?.contains(document.activeElement)) form.current?.querySelector<HTMLElement>("[type=submit]")?.focus();
    form.current?.scrollIntoView({ block: "nearest" });
    // Only when the form opens.
  }, []);
  const show = (found: Problem) => {
    setProblem(found);
    const wrong = firstWrong(placeProblem(found, fieldsOf(demands)), fieldsOf(demands));
    if (wrong) focusField(form.current, wrong);
  };
  const send = async () => {
    const lacks = unmet(demands, answers, { required: t("missing.required"), tooShort: (min) => t("missing.short", { min }) });
    if (lacks.length > 0) return show(localProblem(lacks, t("report.problem")));
    setBusy(true);
    setTrouble(null);
    setProblem(undefined);
    const body = actionBody(demands, answers, action.task_id);
    try {
      const ifMatch = withVersion ? action.version : undefined;
      const shown = await client.post<Report>(`/reports/${report.id}/actions/${action.name}`, body, { ifMatch, key: keys.current.keyFor([body, ifMatch]) });
      draft?.drop();
      done(shown);
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 412) stale();
      else if (error instanceof ApiError) show(error.problem);
      else setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  const change = (part: Answers) => {
    setAnswers((old) => ({ ...old, ...part }));
    draft?.put({ ...answers, ...part });
    setProblem((old) => (old ? without(old, Object.keys(part)) : old));
  };
  return (
    <form className="action-form" ref={form} noValidate onSubmit={(e) => { e.preventDefault(); if (!busy) void send(); }} onKeyDown={(e) => sendsBy(e) && e.currentTarget.requestSubmit()}>
      <h3>{action.label}</h3>
      {problem && <FormProblem problem={problem} rest={placed.rest} />}
      <Trouble error={trouble} />
      {demands.map((demand: Demand) => (
        <DemandField key={demand.field} demand={demand} answers={answers} change={change} errors={placed.at} choices={choices} client={client} aids={aids} />
      ))}
      <div className="row">
        <button type="submit" className="button button-main" disabled={busy}>
          {busy ? t("report.sending") : t("action.send")}
        </button>
        <button type="button" className="button" onClick={cancel}>
          {t("action.cancel")}
        </button>
        {hint && <span className="quiet">{hint}</span>}
      </div>
    </form>
  );
}

function sendsBy(e: { key: string; ctrlKey: boolean; metaKey: boolean }): boolean {
  return e.key === "Enter" && (e.ctrlKey || e.metaKey);
}

/** The demands that get a control: a rating has its comment, so a note beside it would be asked twice. */
function asked(demands: readonly Demand[]): Demand[] {
  const rates = demands.some((d) => d.field === "rating");
  return demands.filter((d) => !rates || d.required || d.field !== "text");
}

/** What a form starts with: the citizen's words, personal data taken out, where they are asked for; to redact once more, what others read now. */
function proposed(step: string, demands: readonly Demand[], report: Shown): Answers {
  if (!demands.some((d) => d.field === "redacted_text")) return {};
  const text = step === "redact" ? report.description || masked(report.original_text) || (report.original_text?.text ?? "") : masked(report.original_text);
  return text !== "" && step !== "split" ? { redacted_text: text } : {};
}

/** A problem without the faults of fields that have been changed since; none when no fault is left. A document stands for a photo. */
function without(problem: Problem, changed: readonly string[]): Problem | undefined {
  const gone = changed.includes("document") ? [...changed, "photo_ids"] : changed;
  const left = (problem.errors ?? []).filter((e) => !gone.includes(fieldPath(e.location).split(".")[0] ?? ""));
  return left.length > 0 ? { ...problem, errors: left } : undefined;
}
