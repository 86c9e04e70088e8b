// SPDX-License-Identifier: Apache-2.0
import { LocateFixed } from "lucide-react";
import { useState } from "react";
import type { Config } from "../../api/types";
import { useSpeech } from "../../i18n/context";
import type { Draft, PlaceMode } from "../../lib/draft";
import { Field, FieldError } from "../../ui/Field";
import { usePhone } from "./context";

interface Props {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  errors: Record<string, string>;
}

const modes: PlaceMode[] = ["gps", "area", "pin", "words"];

/** Where it is: by the phone's position, a ward, coordinates or words. */
export function PlacePicker({ draft, change, errors }: Props) {
  const { t } = useSpeech();
  const { config } = usePhone();
  const choose = (placeMode: PlaceMode) => {
    const [lon, lat] = centreOf(config.data);
    const untouched = placeMode === "pin" && draft.lat === "" && draft.lon === "" && lat !== 0;
    change({ placeMode, ...(untouched ? { lat: lat.toFixed(5), lon: lon.toFixed(5) } : {}) });
  };
  return (
    <section aria-labelledby="place-title">
      <h2 id="place-title">{t("report.where")}</h2>
      <div className="segments" role="radiogroup" aria-label={t("place.how")}>
        {modes.map((mode) => (
          <label key={mode} className="segment">
            <input type="radio" name="place" checked={draft.placeMode === mode} onChange={() => choose(mode)} data-field={mode === draft.placeMode ? "location" : undefined} />
            <span>{t(`place.${mode}`)}</span>
          </label>
        ))}
      </div>
      {draft.placeMode === "gps" && <Position draft={draft} change={change} />}
      {draft.placeMode === "area" && <WardChoice draft={draft} change={change} errors={errors} />}
      {draft.placeMode === "pin" && <Coordinates draft={draft} change={change} errors={errors} />}
      {draft.placeMode === "words" && (
        <Field field="location.words" label={t("place.words")} help={t("place.wordsHelp")} error={errors["location.words"]}>
          {(p) => <textarea {...p} rows={2} value={draft.words} onChange={(e) => change({ words: e.target.value })} />}
        </Field>
      )}
      {errors.location && <FieldError text={errors.location} />}
    </section>
  );
}

/** The middle of the jurisdiction, [lon, lat]; [0, 0] while it is not known. */
export function centreOf(config: Config | undefined): [number, number] {
  const box = config?.jurisdiction.bbox;
  return box ? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] : [0, 0];
}

function Position({ draft, change }: Omit<Props, "errors">) {
  const { t } = useSpeech();
  const [asking, setAsking] = useState(false);
  const [denied, setDenied] = useState(false);
  const locate = () => {
    setAsking(true);
    setDenied(false);
    const fail = () => {
      setAsking(false);
      setDenied(true);
    };
    if (!("geolocation" in navigator)) return fail();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setAsking(false);
        change({ gps: { lat: coords.latitude, lon: coords.longitude, accuracy_m: Math.round(coords.accuracy) } });
      },
      fail,
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  };
  return (
    <>
      <button type="button" className="button button-wide" onClick={locate} disabled={asking}>
        <LocateFixed aria-hidden="true" /> {t(asking ? "place.locating" : "place.locate")}
      </button>
      <p role="status" className={draft.gps ? "found" : ""}>
        {draft.gps && t("place.found", { lat: draft.gps.lat.toFixed(5), lon: draft.gps.lon.toFixed(5), metres: draft.gps.accuracy_m })}
      </p>
      {denied && <FieldError text={t("place.denied")} />}
    </>
  );
}

function WardChoice({ draft, change, errors }: Props) {
  const { t, lang } = useSpeech();
  const { areas } = usePhone();
  const sorted = [...(areas.data ?? [])].sort((a, b) => a.name.localeCompare(b.name, lang));
  return (
    <Field field="location.area_id" label={t("place.area")} error={errors["location.area_id"]}>
      {(p) => (
        <select {...p} value={draft.area} onChange={(e) => change({ area: e.target.value })}>
          <option value="">{t("common.choose")}</option>
          {sorted.map((area) => (
            <option key={area.code} value={JSON.stringify(area.id)}>
              {area.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Coordinates({ draft, change, errors }: Props) {
  const { t } = useSpeech();
  return (
    <>
      <p className="help">{t("place.pinHelp")}</p>
      <div className="pair">
        <Field field="location.lat" label={t("place.lat")} error={errors["location.lat"]}>
          {(p) => <input {...p} inputMode="decimal" autoComplete="off" value={draft.lat} onChange={(e) => change({ lat: e.target.value })} />}
        </Field>
        <Field field="location.lon" label={t("place.lon")} error={errors["location.lon"]}>
          {(p) => <input {...p} inputMode="decimal" autoComplete="off" value={draft.lon} onChange={(e) => change({ lon: e.target.value })} />}
        </Field>
      </div>
    </>
  );
}
