// SPDX-License-Identifier: Apache-2.0
import type { StaffReport, Trace, TraceStep, Trial } from "../api/model";
import { useSpeech } from "../i18n/context";
import { useLoad } from "../lib/load";
import { triesRouting, useDesk } from "./desk";

/** Where a report went and why; before that, where it would go. */
export function Route({ report }: { report: StaffReport }) {
  const { t, lang } = useSpeech();
  const { client, me, units } = useDesk();
  const trace = report.trace;
  const mayTry = !trace && report.phase === "received" && triesRouting(me.roles) && report.category !== undefined;
  const text = report.original_text?.text ?? report.description;
  const trial = useLoad(
    () => (mayTry ? client.post<Trial>("/admin/routing/try", { category: report.category?.code, description: text, location: placeOf(report), attributes: report.attributes, urgent: report.urgent }) : Promise.resolve(undefined)),
    [client, mayTry, report.id, report.category?.code, lang],
  );
  if (trace) {
    return (
      <section aria-labelledby="route-title">
        <h2 id="route-title">{t("console.route")}</h2>
        <p><strong>{report.unit?.name ?? t("console.noUnit")}</strong></p>
        <Why trace={trace} />
      </section>
    );
  }
  if (!trial.data) return null;
  const { lead, support, why, rule, steps, values } = trial.data;
  return (
    <section aria-labelledby="route-title">
      <h2 id="route-title">{t("console.wouldGo")}</h2>
      <p><strong>{lead ? (lead.name ?? units.find((u) => u.code === lead.code)?.name) : t("console.noUnit")}</strong></p>
      {support.length > 0 && <p>{t("console.with", { units: support.map((u) => u.name).join(", ") })}</p>}
      <Why trace={{ rule, steps, values, ...(why ? { why } : {}) }} />
    </section>
  );
}

function placeOf(report: StaffReport) {
  if (report.location) return { lat: report.location.lat, lon: report.location.lon, source: "pin" };
  return report.area ? { area_id: report.area.id } : undefined;
}

/** The rule that was taken, and behind it every rule that was tried. */
export function Why({ trace }: { trace: Trace }) {
  const { t } = useSpeech();
  const values = Object.entries(trace.values ?? {});
  return (
    <>
      {trace.rule > 0 ? <p>{t("console.byRule", { rule: trace.rule })}{trace.why && `: ${trace.why}`}</p> : <p className="quiet">{t("console.byHand")}</p>}
      {trace.steps.length > 0 && (
        <details>
          <summary>{t("console.tried", { count: trace.steps.length })}</summary>
          <ol className="plain rules-tried">
            {trace.steps.map((step) => <Tried key={step.rule} step={step} />)}
          </ol>
          {values.length > 0 && (
            <dl className="values">
              {values.map(([name, value]) => (
                <div key={name}><dt><code>{name}</code></dt><dd>{value || "–"}</dd></div>
              ))}
            </dl>
          )}
        </details>
      )}
    </>
  );
}

function Tried({ step }: { step: TraceStep }) {
  const { word } = useSpeech();
  return (
    <li className={step.result === "taken" ? "rule-taken" : undefined}>
      <span>{step.rule}. {word("tried", step.result)}</span>
      <code>{step.when}</code>
    </li>
  );
}
