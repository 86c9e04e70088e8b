// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import type { PackDetail, PackVersion } from "../api/model";
import type { List } from "../api/types";
import { useSpeech } from "../i18n/context";
import { formatTime } from "../lib/format";
import { useLoad } from "../lib/load";
import { Loading, Trouble } from "../ui/Trouble";
import { triesRouting, useDesk } from "./desk";
import { Graph } from "./Graph";
import { TryRouting } from "./TryRouting";

/** The rules in force and those before, as pictures and as a table that can be asked. */
export function Rules() {
  const { t, lang } = useSpeech();
  const { client, me } = useDesk();
  const versions = useLoad(() => client.get<List<PackVersion>>("/admin/packs").then((l) => l.items), [client]);
  const [chosen, setChosen] = useState(0);
  const number = chosen || versions.data?.find((v) => v.in_force)?.number || 0;
  const pack = useLoad(() => (number ? client.get<PackDetail>(`/admin/packs/${number}`) : Promise.resolve(undefined)), [client, number, lang]);
  return (
    <div className="rules">
      <h1>{t("console.rules")}</h1>
      <Trouble error={versions.error} retry={versions.reload} />
      {versions.data && <Versions versions={versions.data} number={number} choose={setChosen} />}
      <Trouble error={pack.error} retry={pack.reload} />
      {!pack.data && !pack.error && !versions.error && <Loading />}
      {pack.data && (
        <>
          <Workflows pack={pack.data} />
          {triesRouting(me.roles) && <TryRouting pack={pack.data} />}
          <RoutingTable pack={pack.data} />
        </>
      )}
    </div>
  );
}

function Versions({ versions, number, choose }: { versions: readonly PackVersion[]; number: number; choose: (number: number) => void }) {
  const { t, lang } = useSpeech();
  return (
    <section aria-labelledby="versions-title">
      <h2 id="versions-title">{t("console.versions")}</h2>
      <div className="scroll">
        <table>
          <thead><tr><th scope="col">{t("console.version")}</th><th scope="col">{t("console.effective")}</th><th scope="col">{t("demand.document")}</th><th scope="col">{t("console.digest")}</th></tr></thead>
          <tbody>
            {versions.map((v) => (
              <tr key={v.number} aria-current={v.number === number || undefined}>
                <th scope="row"><button type="button" className="button-quiet" onClick={() => choose(v.number)}>{v.number}</button> {v.in_force && <span className="mark">{t("console.inForce")}</span>}</th>
                <td>{formatTime(v.effective_at, lang)}</td>
                <td>{v.document || "–"}</td>
                <td><code title={v.digest}>{v.digest.slice(0, 12)}</code></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Workflows({ pack }: { pack: PackDetail }) {
  const { t } = useSpeech();
  const [name, setName] = useState("");
  const workflow = pack.workflows.find((w) => w.name === name) ?? pack.workflows.find((w) => w.name === "thuong") ?? pack.workflows[0];
  if (!workflow) return null;
  return (
    <section aria-labelledby="workflows-title">
      <h2 id="workflows-title">{t("console.workflows")}</h2>
      <div className="looks" role="group" aria-label={t("console.workflows")}>
        {pack.workflows.map((w) => <button key={w.name} type="button" aria-pressed={w === workflow} onClick={() => setName(w.name)}>{w.label}</button>)}
      </div>
      <Graph key={workflow.name} text={workflow.mermaid} label={workflow.label} phases={new Map(workflow.states.map((s) => [s.name, s.phase]))} />
      {workflow.mermaid_support && (
        <details>
          <summary>{t("console.supportFlow")}</summary>
          <Graph text={workflow.mermaid_support} label={t("console.supportFlow")} phases={new Map()} />
        </details>
      )}
    </section>
  );
}

function RoutingTable({ pack }: { pack: PackDetail }) {
  const { t, word } = useSpeech();
  const unit = (code: string) => pack.units.find((u) => u.code === code)?.name ?? word("lead", code);
  return (
    <section aria-labelledby="routing-title">
      <h2 id="routing-title">{t("console.routing")}</h2>
      <p className="quiet">{t("console.routingHelp")}</p>
      <div className="scroll" role="group" tabIndex={0} aria-labelledby="routing-title">
        <table>
          <thead><tr><th scope="col">{t("console.rule")}</th><th scope="col">{t("console.when")}</th><th scope="col">{t("console.lead")}</th><th scope="col">{t("console.support")}</th><th scope="col">{t("console.why")}</th></tr></thead>
          <tbody>
            {pack.rules.map((r) => (
              <tr key={r.number}>
                <th scope="row">{r.number}</th>
                <td><code>{r.when}</code></td>
                <td>{unit(r.lead)}</td>
                <td>{r.support.map(unit).join(", ") || "–"}</td>
                <td>{[r.why, r.urgency && word("urgency", r.urgency)].filter(Boolean).join(" · ") || "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
