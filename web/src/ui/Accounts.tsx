// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import type { DemoAccount, Unit } from "../api/types";
import { useSpeech } from "../i18n/context";
import { Field } from "./Field";

interface Props {
  accounts: readonly DemoAccount[];
  units: readonly Unit[];
  signIn: (login: string, password: string) => void;
}

/** The demo's accounts: first those of the unit that has most kinds of work, then those of a unit to be chosen. */
export function Accounts({ accounts, units, signIn }: Props) {
  const { t } = useSpeech();
  const [chosen, setChosen] = useState("");
  const first = accounts[0]?.unit ?? "";
  const nameOf = (code: string) => units.find((u) => u.code === code)?.name ?? code;
  const others = [...new Set(accounts.map((a) => a.unit ?? ""))].filter((code) => code !== first);
  const unit = chosen || (others[0] ?? "");
  return (
    <>
      <h3>{nameOf(first)}</h3>
      <Buttons accounts={accounts.filter((a) => (a.unit ?? "") === first)} signIn={signIn} />
      {others.length > 0 && (
        <>
          <h3>{t("desk.units")}</h3>
          <Field field="desk-unit" label={t("demand.unit")} help={t("desk.unitsHelp")}>
            {(p) => (
              <select {...p} value={unit} onChange={(e) => setChosen(e.target.value)}>
                {others.map((code) => (
                  <option key={code} value={code}>
                    {nameOf(code)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Buttons accounts={accounts.filter((a) => a.unit === unit)} signIn={signIn} />
        </>
      )}
    </>
  );
}

function Buttons({ accounts, signIn }: Pick<Props, "accounts" | "signIn">) {
  const { word } = useSpeech();
  return (
    <ul className="accounts">
      {accounts.map((account) => (
        <li key={account.login}>
          <button type="button" className="button" onClick={() => signIn(account.login, account.password)}>
            <strong>{word("role", account.role)}</strong>
            <span className="quiet">{account.login}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
