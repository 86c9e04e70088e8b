// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { ApiError, placeProblem } from "../../api/problem";
import type { SignedIn } from "../../api/types";
import { useSpeech } from "../../i18n/context";
import { Field } from "../../ui/Field";
import { FormProblem, Trouble } from "../../ui/Trouble";
import { usePhone } from "./context";

/** Who this phone is, and signing in with a number. */
export function Profile() {
  const { t } = useSpeech();
  const { session, pushes } = usePhone();
  const [phone, setPhone] = useState(session.phone());
  const leave = () => {
    session.forgetPhone();
    setPhone("");
  };
  return (
    <>
      <h1>{t("profile.title")}</h1>
      <p>{t("profile.device")}</p>
      {phone ? (
        <div className="note">
          <p>{t("profile.phone", { phone })}</p>
          <button type="button" className="button" onClick={leave}>
            {t("profile.signOut")}
          </button>
        </div>
      ) : (
        <PhoneSignIn done={setPhone} />
      )}
      <h2>{t("profile.push")}</h2>
      {pushes !== null && <p>{t(pushes ? "profile.pushOn" : "profile.pushOff")}</p>}
      <p>
        <a href="/docs">{t("app.docs")}</a>
      </p>
    </>
  );
}

function PhoneSignIn({ done }: { done: (phone: string) => void }) {
  const { t } = useSpeech();
  const { client, session } = usePhone();
  const [phone, setPhone] = useState("");
  const [code, setCode] = useState("");
  const [sent, setSent] = useState(false);
  const [shown, setShown] = useState("");
  const [error, setError] = useState<unknown>(null);
  const problem = error instanceof ApiError ? error.problem : undefined;
  const placed = placeProblem(problem, sent ? ["phone", "code"] : ["phone"]);
  const attempt = async (work: () => Promise<void>) => {
    setError(null);
    try {
      await work();
    } catch (failed) {
      setError(failed);
    }
  };
  const ask = () =>
    attempt(async () => {
      await client.post("/auth/otp", { phone: phone.trim() });
      setSent(true);
      const demo = await client.get<{ code?: string }>("/demo/otp", { phone: phone.trim() }).catch(() => ({ code: "" }));
      setShown(demo.code ?? "");
    });
  const verify = () =>
    attempt(async () => {
      session.adopt(await client.post<SignedIn>("/auth/otp/verify", { phone: phone.trim(), code: code.trim() }), phone.trim());
      done(phone.trim());
    });
  return (
    <form noValidate onSubmit={(e) => { e.preventDefault(); void (sent ? verify() : ask()); }}>
      <h2>{t("profile.signIn")}</h2>
      {problem ? <FormProblem problem={problem} rest={placed.rest} title={t("desk.notSignedIn")} /> : <Trouble error={error} />}
      <Field field="phone" label={t("report.phone")} error={placed.at.phone}>
        {(p) => <input {...p} type="tel" autoComplete="tel" value={phone} onChange={(e) => { setPhone(e.target.value); setSent(false); setShown(""); }} />}
      </Field>
      {sent && (
        <Field field="code" label={t("profile.code")} error={placed.at.code ?? (problem?.code.startsWith("otp") ? problem.title : undefined)}>
          {(p) => <input {...p} inputMode="numeric" autoComplete="one-time-code" maxLength={6} value={code} onChange={(e) => setCode(e.target.value)} />}
        </Field>
      )}
      <p role="status">{shown && t("profile.demoCode", { code: shown })}</p>
      <button type="submit" className="button button-main button-wide">
        {t(sent ? "profile.verify" : "profile.sendCode")}
      </button>
    </form>
  );
}
