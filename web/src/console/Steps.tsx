// SPDX-License-Identifier: Apache-2.0
import { useRef, useState } from "react";
import type { StaffReport } from "../api/model";
import type { List, OfferedAction } from "../api/types";
import { useSpeech } from "../i18n/context";
import { useLoad } from "../lib/load";
import { ActionForm, type Draft } from "../ui/ActionForm";
import { Loading, Trouble } from "../ui/Trouble";
import { aidsFor } from "./aids";
import { categoryOptions, useDesk } from "./desk";
import { keysFor, offerId, useKeys } from "./keys";

interface Props {
  report: StaffReport;
  /** Something was done, or somebody else did: read again. */
  changed: () => void;
}

/** What may be done now: the usual step as the one big button, all others behind it, each by its key. */
export function Steps({ report, changed }: Props) {
  const { t, lang } = useSpeech();
  const desk = useDesk();
  const offered = useLoad(
    () => desk.client.get<List<OfferedAction>>(`/reports/${report.id}/actions`).then((list) => list.items),
    [desk.client, report.id, report.version, report.state, report.updated_at, lang],
  );
  const [chosen, setChosen] = useState("");
  const [said, setSaid] = useState("");
  const status = useRef<HTMLParagraphElement>(null);
  const actions = offered.data ?? [];
  const letters = keysFor(actions);
  const action = actions.find((a) => offerId(a) === chosen);
  const choose = (a: OfferedAction) => { setSaid(""); setChosen(offerId(a)); };
  const close = (words: string) => { setChosen(""); setSaid(words); status.current?.focus(); };
  const after = (words: string) => { close(words); offered.reload(); changed(); };
  const keys = Object.fromEntries(actions.map((a) => [letters.get(offerId(a)) ?? "", () => choose(a)]));
  useKeys(action ? { Escape: () => close("") } : keys, desk.keys);
  return (
    <section aria-labelledby="steps-title" className="steps-box">
      <h2 id="steps-title">{t("desk.actions")}</h2>
      <p role="status" className="said" ref={status} tabIndex={-1}>{said}</p>
      {!offered.data && (offered.error ? <Trouble error={offered.error} retry={offered.reload} /> : <Loading />)}
      {offered.data?.length === 0 && <p className="quiet">{t("desk.noActions")}</p>}
      {action ? (
        <ActionForm
          key={chosen} client={desk.client} report={report} action={action} withVersion focus draft={draftOf(desk.drafts, `${report.id} ${chosen}`)}
          choices={{ units: desk.units.map((u) => ({ key: u.code, name: u.name })), categories: categoryOptions(desk.categories) }}
          aids={aidsFor(action, report)} hint={desk.keys ? t("console.sendKey") : ""}
          done={() => after(t("action.done", { label: action.label }))} stale={() => after(t("action.stale"))} cancel={() => close("")}
        />
      ) : (
        <Offers actions={actions} letters={letters} choose={choose} drafted={(a) => desk.drafts.get(`${report.id} ${offerId(a)}`) !== null} />
      )}
    </section>
  );
}

function draftOf(drafts: ReturnType<typeof useDesk>["drafts"], name: string): Draft {
  return { get: () => drafts.get(name), put: (answers) => drafts.put(name, answers), drop: () => drafts.drop(name) };
}

interface OffersProps {
  actions: readonly OfferedAction[];
  letters: ReadonlyMap<string, string>;
  choose: (action: OfferedAction) => void;
  drafted: (action: OfferedAction) => boolean;
}

function Offers({ actions, letters, choose, drafted }: OffersProps) {
  const { t } = useSpeech();
  const { keys } = useDesk();
  const button = (a: OfferedAction) => (
    <button key={offerId(a)} type="button" className={a.primary ? "button button-main button-wide" : "button"} aria-keyshortcuts={keys ? letters.get(offerId(a)) : undefined} onClick={() => choose(a)}>
      <span>
        {a.label}
        {drafted(a) && <span className="small"> · {t("console.draft")}</span>}
      </span>
      {keys && <kbd aria-hidden="true">{letters.get(offerId(a))}</kbd>}
    </button>
  );
  const main = actions.filter((a) => a.primary);
  const rest = actions.filter((a) => !a.primary);
  const many = main.length > 0 && rest.length > 0;
  return (
    <div className="offers">
      {main.map(button)}
      {many && <h3 className="quiet">{t("console.more")}</h3>}
      <div className="offered">{rest.map(button)}</div>
    </div>
  );
}
