// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { ApiError, placeProblem } from "../../api/problem";
import type { Report } from "../../api/types";
import { useSpeech } from "../../i18n/context";
import { Field } from "../../ui/Field";
import { ReportView } from "../../ui/ReportView";
import { FormProblem, Trouble } from "../../ui/Trouble";
import { usePhone } from "./context";

const fields = ["code", "phone_last4"];

/** Finds a report by its code: the public part, or the reporter's with the last digits of their phone. */
export function Track() {
  const { t } = useSpeech();
  const { client } = usePhone();
  const [code, setCode] = useState("");
  const [last4, setLast4] = useState("");
  const [found, setFound] = useState<Report>();
  const [error, setError] = useState<unknown>(null);
  const problem = error instanceof ApiError ? error.problem : undefined;
  const placed = placeProblem(problem, fields);
  const find = async () => {
    const path = `/track/${encodeURIComponent(code.trim())}`;
    setError(null);
    try {
      setFound(last4.trim() === "" ? await client.get<Report>(path) : await client.post<Report>(path, { phone_last4: last4.trim() }));
    } catch (failed) {
      setFound(undefined);
      setError(failed);
    }
  };
  return (
    <>
      <h1>{t("track.title")}</h1>
      <form noValidate onSubmit={(e) => { e.preventDefault(); if (code.trim() !== "") void find(); }}>
        {problem ? <FormProblem problem={problem} rest={placed.rest} title={t("track.notFound")} /> : <Trouble error={error} />}
        <Field field="code" label={t("track.code")} error={placed.at.code}>
          {(p) => <input {...p} autoComplete="off" autoCapitalize="characters" spellCheck={false} value={code} onChange={(e) => setCode(e.target.value)} />}
        </Field>
        <Field field="phone_last4" label={t("track.last4")} help={t("track.last4Help")} optional error={placed.at.phone_last4}>
          {(p) => <input {...p} inputMode="numeric" maxLength={4} autoComplete="off" value={last4} onChange={(e) => setLast4(e.target.value)} />}
        </Field>
        <button type="submit" className="button button-main button-wide">
          {t("track.find")}
        </button>
      </form>
      {found && <ReportView report={found} timeline={undefined} />}
    </>
  );
}
