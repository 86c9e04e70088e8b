// SPDX-License-Identifier: Apache-2.0
import { useRef, useState } from "react";
import type { Client } from "../api/client";
import { ApiError, fieldPath, firstWrong, localProblem, placeProblem } from "../api/problem";
import type { Demand, OfferedAction, Problem, Report } from "../api/types";
import { useSpeech } from "../i18n/context";
import { actionBody, fieldsOf, unmet, type Answers } from "../lib/demands";
import { keyKeeper } from "../lib/ids";
import { masked } from "../lib/mask";
import { DemandField, type Choices } from "./DemandField";
import { focusField } from "./Field";
import { FormProblem, Trouble } from "./Trouble";

interface Props {
  client: Client;
  report: Report;
  action: OfferedAction;
  choices: Choices;
  /** Staff name the version they decided on; citizens need none. */
  withVersion: boolean;
  done: (report: Report) => void;
  /** The report has changed meanwhile. */
  stale: () => void;
  cancel: () => void;
}

/** One step somebody may take, with what it demands. */
export function ActionForm({ client, report, action, choices, withVersion, done, stale, cancel }: Props) {
  const { t } = useSpeech();
  const demands = asked(action.demands ?? []);
  const [answers, setAnswers] = useState<Answers>(() => proposed(demands, report));
  const [problem, setProblem] = useState<Problem>();
  const [trouble, setTrouble] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const keys = useRef(keyKeeper());
  const form = useRef<HTMLFormElement>(null);
  const placed = placeProblem(problem, fieldsOf(demands));
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
      done(await client.post<Report>(`/reports/${report.id}/actions/${action.name}`, body, { ifMatch, key: keys.current.keyFor([body, ifMatch]) }));
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
    setProblem((old) => (old ? without(old, Object.keys(part)) : old));
  };
  return (
    <form className="action-form" ref={form} noValidate onSubmit={(e) => { e.preventDefault(); void send(); }}>
      <h3>{action.label}</h3>
      {problem && <FormProblem problem={problem} rest={placed.rest} />}
      <Trouble error={trouble} />
      {demands.map((demand: Demand) => (
        <DemandField key={demand.field} demand={demand} answers={answers} change={change} errors={placed.at} choices={choices} client={client} />
      ))}
      <div className="row">
        <button type="submit" className="button button-main" disabled={busy}>
          {busy ? t("report.sending") : t("action.send")}
        </button>
        <button type="button" className="button" onClick={cancel}>
          {t("action.cancel")}
        </button>
      </div>
    </form>
  );
}

/** The demands that get a control: a rating has its comment, so a note beside it would be asked twice. */
function asked(demands: readonly Demand[]): Demand[] {
  const rates = demands.some((d) => d.field === "rating");
  return demands.filter((d) => !rates || d.required || d.field !== "text");
}

/** What a form starts with: the citizen's words, personal data taken out, where they are asked for. */
function proposed(demands: readonly Demand[], report: Report): Answers {
  const text = masked(report.original_text);
  return text !== "" && demands.some((d) => d.field === "redacted_text") ? { redacted_text: text } : {};
}

/** A problem without the faults of fields that have been changed since; none when no fault is left. A document stands for a photo. */
function without(problem: Problem, changed: readonly string[]): Problem | undefined {
  const gone = changed.includes("document") ? [...changed, "photo_ids"] : changed;
  const left = (problem.errors ?? []).filter((e) => !gone.includes(fieldPath(e.location).split(".")[0] ?? ""));
  return left.length > 0 ? { ...problem, errors: left } : undefined;
}
