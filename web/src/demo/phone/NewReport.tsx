// SPDX-License-Identifier: Apache-2.0
import { findCategory } from "../../lib/categories";
import { useSpeech } from "../../i18n/context";
import { loadDraft } from "../../lib/draft";
import { Field } from "../../ui/Field";
import { FormProblem } from "../../ui/Trouble";
import { CategoryPicker } from "./CategoryPicker";
import { usePhone } from "./context";
import { PhotoPicker } from "./PhotoPicker";
import { PlacePicker } from "./PlacePicker";
import { Sent, Waiting } from "./Sending";
import { useSubmit, type Submitting } from "./useSubmit";

/** Writing a report: photos, where, what, in words, send. */
export function NewReport() {
  const { t } = useSpeech();
  const { categories, store } = usePhone();
  const category = findCategory(categories.data ?? [], loadDraft(store, "report").category);
  const defs = category?.attributes ?? [];
  const fields = [
    "photos", "location", "location.lat", "location.lon", "location.area_id", "location.words", "category",
    ...defs.map((def) => `attributes.${def.code}`), "description", "urgent", "reporter.name", "reporter.phone", "hide_name",
  ];
  const state = useSubmit("report", defs, fields);
  if (state.entry?.status === "sent") return <Sent entry={state.entry} slot="report" />;
  if (state.entry && state.entry.status !== "refused") return <Waiting entry={state.entry} slot="report" edit={state.edit} />;
  const { draft, change, placed } = state;
  return (
    <form ref={state.form} noValidate onSubmit={(e) => { e.preventDefault(); state.submit(); }}>
      <h1>{t("report.title")}</h1>
      {state.problem && <FormProblem problem={state.problem} rest={placed.rest} />}
      <PhotoPicker ids={draft.photoIds} change={(photoIds) => change({ photoIds })} error={placed.at.photos} />
      <PlacePicker draft={draft} change={change} errors={placed.at} />
      <CategoryPicker draft={draft} change={change} errors={placed.at} />
      <Words state={state} />
      <button type="submit" className="button button-main button-wide">
        {t("report.send")}
      </button>
      <p className="quiet">{t(state.kept ? "report.draftKept" : "report.draftNotKept")}</p>
      <button type="button" className="button-quiet" onClick={() => { state.edit(); state.discard(true); }}>
        {t("report.discard")}
      </button>
    </form>
  );
}

function Words({ state }: { state: Submitting }) {
  const { t } = useSpeech();
  const { config } = usePhone();
  const { draft, change, placed } = state;
  const max = config.data?.limits.description;
  return (
    <>
      <section aria-label={t("report.describe")}>
        <Field title field="description" label={t("report.describe")} help={<>{t("report.describeHelp")} {max && t("report.chars", { count: [...draft.description].length, max })}</>} error={placed.at.description}>
          {(p) => <textarea {...p} rows={5} value={draft.description} onChange={(e) => change({ description: e.target.value })} />}
        </Field>
        <label className="check">
          <input type="checkbox" checked={draft.urgent} data-field="urgent" onChange={(e) => change({ urgent: e.target.checked })} /> {t("report.urgent")}
        </label>
      </section>
      <section aria-labelledby="you-title">
        <h2 id="you-title">{t("report.you")}</h2>
        <Field field="reporter.name" label={t("report.name")} optional error={placed.at["reporter.name"]}>
          {(p) => <input {...p} autoComplete="name" value={draft.name} onChange={(e) => change({ name: e.target.value })} />}
        </Field>
        <Field field="reporter.phone" label={t("report.phone")} optional help={t("report.phoneHelp")} error={placed.at["reporter.phone"]}>
          {(p) => <input {...p} type="tel" autoComplete="tel" value={draft.phone} onChange={(e) => change({ phone: e.target.value })} />}
        </Field>
        <label className="check">
          <input type="checkbox" checked={draft.hideName} data-field="hide_name" onChange={(e) => change({ hideName: e.target.checked })} /> {t("report.hideName")}
        </label>
      </section>
    </>
  );
}
