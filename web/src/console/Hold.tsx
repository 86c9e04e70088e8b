// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "react";
import type { StaffReport } from "../api/model";
import { useSpeech } from "../i18n/context";
import { formatTime } from "../lib/format";
import { Trouble } from "../ui/Trouble";
import { ofCentre, useDesk } from "./desk";
import { heldByOther } from "./queue";

const renewMs = 5 * 60_000;

/** Who has the report in hand: taking it, putting it back, and holding on while it is looked at. */
export function Hold({ report, changed }: { report: StaffReport; changed: () => void }) {
  const { t, lang } = useSpeech();
  const { client, me } = useDesk();
  const [error, setError] = useState<unknown>(null);
  const path = `/reports/${report.id}/claim`;
  const claim = report.claim && Date.parse(report.claim.until) > Date.now() ? report.claim : undefined;
  const mine = claim?.by === me.id;
  useEffect(() => {
    if (!mine) return;
    const timer = setInterval(() => document.visibilityState === "visible" && void client.post(path, {}).catch(() => undefined), renewMs);
    return () => clearInterval(timer);
  }, [mine, client, path]);
  if (!ofCentre(me.roles) || report.phase === "ended") return null;
  const act = (call: Promise<unknown>) => { setError(null); call.then(changed, setError); };
  return (
    <div className="hold no-print">
      {claim && <span role="status">{mine ? t("console.youHold", { until: formatTime(claim.until, lang).split(" ").at(lang === "vi" ? 0 : -1) ?? "" }) : t("desk.claimed", { who: claim.name ?? "", until: formatTime(claim.until, lang) })}</span>}
      {mine && <button type="button" className="button-quiet" onClick={() => act(client.remove(path))}>{t("console.putBack")}</button>}
      {!claim && report.phase === "received" && <button type="button" className="button-quiet" onClick={() => act(client.post(path, {}))}>{t("desk.claim")}</button>}
      {heldByOther(report, me.id, Date.now()) && <span className="quiet">{t("console.theirs")}</span>}
      <Trouble error={error} />
    </div>
  );
}
