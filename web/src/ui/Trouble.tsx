// SPDX-License-Identifier: Apache-2.0
import { ApiError, NetworkError } from "../api/problem";
import type { Problem } from "../api/types";
import { useSpeech, type Speech } from "../i18n/context";

/** Says what a failed call means. */
export function troubleText(error: unknown, { t }: Speech): string {
  if (error instanceof NetworkError) return t("error.network");
  if (error instanceof ApiError) return problemText(error.problem, t);
  return t("error.generic", { code: "unreadable_answer" });
}

function problemText(problem: Problem, t: Speech["t"]): string {
  const words = [problem.title, problem.detail].filter((text, i, all) => text && all.indexOf(text) === i);
  return words.length > 0 ? words.join(". ").replace(/\.\. /g, ". ") : t("error.generic", { code: problem.code });
}

/** A failed call with what can be done about it. Shows nothing without an error. */
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const speech = useSpeech();
  if (!error) return null;
  const request = error instanceof ApiError ? error.problem.request_id : undefined;
  return (
    <div className="trouble" role="alert">
      <p>
        <span aria-hidden="true">▲ </span>
        {troubleText(error, speech)}
      </p>
      {request && <p className="quiet">{speech.t("common.reference", { id: request })}</p>}
      {retry && (
        <button type="button" className="button" onClick={retry}>
          {speech.t("common.retry")}
        </button>
      )}
    </div>
  );
}

/** What is wrong with a whole form: its title and whatever belongs to no field. */
export function FormProblem({ problem, rest, title }: { problem: Problem; rest: string[]; title?: string }) {
  const { t } = useSpeech();
  const placed = (problem.errors?.length ?? 0) > rest.length;
  return (
    <div className="trouble" role="alert">
      <p>
        <strong>
          <span aria-hidden="true">▲ </span>
          {title ?? t("report.problem")}
        </strong>
      </p>
      <p>{problem.status === 0 ? t("report.fix") : problemText(problem, t)}</p>
      {placed && problem.status !== 0 && <p>{t("report.fix")}</p>}
      {rest.map((text) => (
        <p key={text}>{text}</p>
      ))}
      {problem.request_id && <p className="quiet">{t("common.reference", { id: problem.request_id })}</p>}
    </div>
  );
}

/** Said while something is read for the first time. */
export function Loading() {
  const { t } = useSpeech();
  return (
    <p className="quiet" role="status">
      {t("common.loading")}
    </p>
  );
}
