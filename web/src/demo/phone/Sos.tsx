// SPDX-License-Identifier: Apache-2.0
import { Phone as PhoneIcon } from "lucide-react";
import { useEffect } from "react";
import type { Config } from "../../api/types";
import { useSpeech } from "../../i18n/context";
import { Field } from "../../ui/Field";
import { FormProblem } from "../../ui/Trouble";
import { usePhone } from "./context";
import { PlacePicker } from "./PlacePicker";
import { Sent, Waiting } from "./Sending";
import { useSubmit, type Submitting } from "./useSubmit";

const levels = ["ankle", "knee", "waist", "chest", "roof"] as const;
const fields = ["location", "location.lat", "location.lon", "location.area_id", "location.words", "description", "sos.people", "sos.water_level", "sos.callback", "reporter.phone", "sos"];

/** A call for help: numbers to call first, then the shortest form that can be sent. */
export function Sos() {
  const { t } = useSpeech();
  const { config } = usePhone();
  const state = useSubmit("sos", [], fields);
  useBattery(state);
  if (state.entry?.status === "sent") return <Sent entry={state.entry} slot="sos" />;
  if (state.entry && state.entry.status !== "refused") return <Waiting entry={state.entry} slot="sos" edit={state.edit} />;
  const { draft, change, placed } = state;
  return (
    <form ref={state.form} noValidate onSubmit={(e) => { e.preventDefault(); state.submit(); }}>
      <h1>{t("sos.title")}</h1>
      <Numbers config={config.data} />
      <h2>{t("sos.form")}</h2>
      {state.problem && <FormProblem problem={state.problem} rest={placed.rest} />}
      <Field field="description" label={t("sos.what")} error={placed.at.description}>
        {(p) => <textarea {...p} rows={3} value={draft.description} onChange={(e) => change({ description: e.target.value })} />}
      </Field>
      <PlacePicker draft={draft} change={change} errors={placed.at} />
      <p className="help">{t("sos.placeHelp")}</p>
      <div className="pair">
        <Field field="sos.people" label={t("sos.people")} error={placed.at["sos.people"]}>
          {(p) => <input {...p} inputMode="numeric" value={draft.people} onChange={(e) => change({ people: e.target.value })} />}
        </Field>
        <Field field="sos.water_level" label={t("sos.water")} error={placed.at["sos.water_level"]}>
          {(p) => (
            <select {...p} value={draft.water} onChange={(e) => change({ water: e.target.value })}>
              <option value="">{t("common.choose")}</option>
              {levels.map((level) => (
                <option key={level} value={level}>
                  {t(`sos.water.${level}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Field field="sos.callback" label={t("sos.phone")} help={t("sos.phoneHelp")} error={placed.at["sos.callback"] ?? placed.at["reporter.phone"] ?? placed.at.sos}>
        {(p) => <input {...p} type="tel" autoComplete="tel" value={draft.phone} onChange={(e) => change({ phone: e.target.value })} />}
      </Field>
      <button type="submit" className="button button-sos button-wide">
        {t("sos.send")}
      </button>
    </form>
  );
}

/** Numbers of the emergency services; Vietnam's three where the server names none. */
function Numbers({ config }: { config: Config | undefined }) {
  const { t } = useSpeech();
  const numbers = (config?.emergency_numbers ?? ["113", "114", "115"]).map((n) => (typeof n === "string" ? { number: n } : n));
  return (
    <section className="note" aria-labelledby="call-title">
      <h2 id="call-title">{t("sos.call")}</h2>
      <div className="numbers">
        {numbers.map((n) => (
          <a key={n.number} className="button" href={`tel:${n.number}`}>
            <PhoneIcon size={20} aria-hidden="true" /> {n.number} {n.name ?? n.label}
          </a>
        ))}
      </div>
    </section>
  );
}

/** Notes how much battery is left, where the browser tells. */
function useBattery({ change }: Pick<Submitting, "change">) {
  useEffect(() => {
    const ask = (navigator as { getBattery?: () => Promise<{ level: number }> }).getBattery;
    void ask?.call(navigator).then(
      ({ level }) => change({ battery: String(Math.round(level * 100)) }),
      () => undefined,
    );
  }, [change]);
}
