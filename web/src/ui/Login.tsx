// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import type { Client } from "../api/client";
import { ApiError, placeProblem } from "../api/problem";
import type { DemoAccount, List, SignedIn, Unit } from "../api/types";
import { useSpeech } from "../i18n/context";
import { useLoad } from "../lib/load";
import { Field } from "./Field";
import { FormProblem, Trouble } from "./Trouble";
import { Accounts } from "./Accounts";

/** Signing in: on a demo server by choosing one of its accounts, else with a password. */
export function Login({ client, units, done }: { client: Client; units: readonly Unit[]; done: (signedIn: SignedIn, login: string) => void }) {
  const { t } = useSpeech();
  const accounts = useLoad(() => client.get<List<DemoAccount>>("/demo/accounts").then((l) => l.items), [client]);
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const problem = error instanceof ApiError ? error.problem : undefined;
  const placed = placeProblem(problem, ["login", "password"]);
  const signIn = (name: string, secret: string) => {
    setError(null);
    client.post<SignedIn>("/auth/login", { login: name, password: secret }).then((signedIn) => done(signedIn, name), setError);
  };
  const noDemo = accounts.error instanceof ApiError && accounts.error.problem.status === 404;
  return (
    <>
      {problem ? <FormProblem problem={problem} rest={placed.rest} title={t("desk.notSignedIn")} /> : <Trouble error={error} />}
      {accounts.data && (
        <section aria-labelledby="accounts-title">
          <h2 id="accounts-title">{t("desk.accounts")}</h2>
          <p className="quiet">{t("desk.accountsHelp")}</p>
          <Accounts accounts={accounts.data} units={units} signIn={signIn} />
        </section>
      )}
      {noDemo ? <p className="quiet">{t("desk.noAccounts")}</p> : <Trouble error={accounts.error} retry={accounts.reload} />}
      <form noValidate onSubmit={(e) => { e.preventDefault(); signIn(login.trim(), password); }}>
        <h2>{t("desk.byPassword")}</h2>
        <Field field="login" label={t("desk.login")} error={placed.at.login}>
          {(p) => <input {...p} autoComplete="username" autoCapitalize="none" spellCheck={false} value={login} onChange={(e) => setLogin(e.target.value)} />}
        </Field>
        <Field field="password" label={t("desk.password")} error={placed.at.password}>
          {(p) => <input {...p} type="password" autoComplete="current-password" value={password} onChange={(e) => setPassword(e.target.value)} />}
        </Field>
        <button type="submit" className="button button-main">
          {t("desk.signIn")}
        </button>
      </form>
    </>
  );
}
