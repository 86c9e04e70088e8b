// SPDX-License-Identifier: Apache-2.0
import { useRef, useState } from "react";
import type { Client } from "../api/client";
import type { List, OfferedAction, Report } from "../api/types";
import { useSpeech } from "../i18n/context";
import { useLoad } from "../lib/load";
import { ActionForm } from "./ActionForm";
import type { Choices } from "./DemandField";
import { Loading, Trouble } from "./Trouble";

interface Props {
  client: Client;
  report: Report;
  choices: Choices;
  withVersion: boolean;
  title: string;
  none: string;
  /** Something was done, or somebody else did: read the report again. */
  changed: () => void;
}

/** What this person may do with a report now, and the form of the step they chose. */
export function Actions({ client, report, choices, withVersion, title, none, changed }: Props) {
  const { t } = useSpeech();
  const offered = useLoad(
    () => client.get<List<OfferedAction>>(`/reports/${report.id}/actions`).then((list) => list.items),
    [client, report.id, report.version, report.state, report.updated_at],
  );
  const [chosen, setChosen] = useState("");
  const [said, setSaid] = useState("");
  const status = useRef<HTMLParagraphElement>(null);
  const after = (words: string) => {
    setChosen("");
    setSaid(words);
    status.current?.focus();
    status.current?.scrollIntoView({ block: "center" });
    offered.reload();
    changed();
  };
  const keyOf = (a: OfferedAction) => `${a.name} ${a.task_id ?? ""}`;
  const action = offered.data?.find((a) => keyOf(a) === chosen);
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <p role="status" className="said" ref={status} tabIndex={-1}>{said}</p>
      {!offered.data && (offered.error ? <Trouble error={offered.error} retry={offered.reload} /> : <Loading />)}
      {offered.data?.length === 0 && <p className="quiet">{none}</p>}
      {action ? (
        <ActionForm
          client={client} report={report} action={action} choices={choices} withVersion={withVersion}
          done={() => after(t("action.done", { label: action.label }))} stale={() => after(t("action.stale"))} cancel={() => setChosen("")}
        />
      ) : (
        <div className="offered">
          {offered.data?.map((a) => (
            <button key={keyOf(a)} type="button" className={a.primary ? "button button-main" : "button"} onClick={() => { setSaid(""); setChosen(keyOf(a)); }}>
              {a.label}
            </button>
          ))}
        </div>
      )}
    </section>
  );
}
