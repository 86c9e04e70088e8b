// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import type { Client } from "../../api/client";
import { ApiError, placeProblem } from "../../api/problem";
import type { DemoAccount, List, SignedIn } from "../../api/types";
import { useSpeech } from "../../i18n/context";
import { useLoad } from "../../lib/load";
import { Field } from "../../ui/Field";
import { FormProblem, Trouble } from "../../ui/Trouble";

/** Signing in with a password; on a demo server, by choosing one of its accounts. */
export function Login({ client, done }: { client: Client; done: (signedIn: SignedIn) => void }) {
  const { t, word } = useSpeech();
  const accounts = useLoad(() => client.get<List<DemoAccount> | DemoAccount[]>("/demo/accounts").then((l) => (Array.isArray(l) ? l : l.items)), [client]);
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const problem = error instanceof ApiError ? error.problem : undefined;
  const placed = placeProblem(problem, ["login", "password"]);
  const signIn = (name: string, secret: string) => {
    setError(null);
    client.post<SignedIn>("/auth/login", { login: name, password: secret }).then(done, setError);
  };
  return (
    <>
      <form noValidate onSubmit={(e) => { e.preventDefault(); signIn(login.trim(), password); }}>
        {problem ? <FormProblem problem={problem} rest={placed.rest} /> : <Trouble error={error} />}
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
      <h2>{t("desk.accounts")}</h2>
      {accounts.error instanceof ApiError && accounts.error.problem.status === 404 ? (
        <p className="quiet">{t("desk.noAccounts")}</p>
      ) : (
        <Trouble error={accounts.error} retry={accounts.reload} />
      )}
      <ul className="accounts">
        {accounts.data?.map((account) => (
          <li key={account.login}>
            <button type="button" className="button" onClick={() => signIn(account.login, account.password)}>
              <strong>{account.login}</strong>
              <span className="quiet">
                {[word("role", account.role), account.unit].filter(Boolean).join(" · ")}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
