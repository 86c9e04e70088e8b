// SPDX-License-Identifier: Apache-2.0
import type { Phase, Report } from "../api/types";
import { useSpeech } from "../i18n/context";

/** The sign of a phase, the same everywhere: hollow ring, half-filled, filled with a tick, small dot. */
export function PhaseSign({ phase }: { phase: Phase }) {
  return (
    <svg className={`phase phase-${phase}`} viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      {phase === "ended" ? <circle cx="10" cy="10" r="4" fill="currentColor" /> : <circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" strokeWidth="2.5" />}
      {phase === "working" && <path d="M10 2a8 8 0 0 1 0 16z" fill="currentColor" />}
      {phase === "answered" && (
        <>
          <circle cx="10" cy="10" r="8" fill="currentColor" />
          <path d="m6 10.5 2.8 2.8L14.2 7.5" fill="none" stroke="var(--surface)" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" />
        </>
      )}
    </svg>
  );
}

/** A report's state in words beside its phase's sign. */
export function StateLine({ report }: { report: Pick<Report, "phase" | "state_label" | "state" | "urgent"> }) {
  const { t, word } = useSpeech();
  return (
    <span className="state-line">
      <PhaseSign phase={report.phase} />
      <span>{report.state_label || word("phase", report.phase)}</span>
      {report.urgent && (
        <span className="urgent">
          <span aria-hidden="true">▲ </span>
          {t("mine.urgent")}
        </span>
      )}
    </span>
  );
}
