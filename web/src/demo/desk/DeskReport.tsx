// SPDX-License-Identifier: Apache-2.0
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import type { Client } from "../../api/client";
import type { Category, List, Report, TimelineItem, Unit } from "../../api/types";
import { useSpeech } from "../../i18n/context";
import { groupCategories } from "../../lib/categories";
import { formatTime } from "../../lib/format";
import { useLoad } from "../../lib/load";
import { Actions } from "../../ui/Actions";
import { ReportView } from "../../ui/ReportView";
import { Loading, Trouble } from "../../ui/Trouble";
import { mayClaim } from "../../lib/roles";

interface Props {
  client: Client;
  id: string;
  units: readonly Unit[];
  roles: readonly string[];
  close: () => void;
}

/** A report on the desk: the story, and the next step with what it demands. */
export function DeskReport({ client, id, units, roles, close }: Props) {
  const { t, lang } = useSpeech();
  const path = `/reports/${encodeURIComponent(id)}`;
  const report = useLoad(() => client.get<Report>(path), [client, id, lang]);
  const timeline = useLoad(() => client.get<List<TimelineItem>>(`${path}/timeline`).then((l) => l.items), [client, id, lang]);
  const categories = useLoad(() => client.get<List<Category>>("/categories").then((l) => l.items), [client, lang]);
  const choices = {
    units: units.map((u) => ({ key: u.code, name: u.name })),
    categories: groupCategories(categories.data ?? []).flatMap((g) => g.categories.map((c) => ({ key: c.code, name: `${g.name}: ${c.name}` }))),
  };
  const again = () => {
    report.reload();
    timeline.reload();
  };
  return (
    <>
      <button type="button" className="button-quiet" onClick={close}>
        <ArrowLeft size={20} aria-hidden="true" /> {t("desk.list")}
      </button>
      <Trouble error={report.error} retry={report.reload} />
      {!report.data && !report.error && <Loading />}
      {report.data && (
        <ReportView report={report.data} timeline={timeline.data}>
          <Actions client={client} report={report.data} choices={choices} withVersion title={t("desk.actions")} none={t("desk.noActions")} changed={again} />
          {mayClaim(roles) && report.data.phase === "received" && <Claim client={client} path={path} report={report.data} changed={again} />}
          {report.data.version !== undefined && <p className="quiet">{t("desk.version", { version: report.data.version })}</p>}
        </ReportView>
      )}
    </>
  );
}

/** Who has the report in hand, and taking it. */
function Claim({ client, path, report, changed }: { client: Client; path: string; report: Report; changed: () => void }) {
  const { t, lang } = useSpeech();
  const [error, setError] = useState<unknown>(null);
  const claim = () => {
    setError(null);
    client.post(`${path}/claim`, {}).then(changed, setError);
  };
  return (
    <>
      <div className="row">
        <span role="status">{report.claim && t("desk.claimed", { who: report.claim.name ?? "", until: formatTime(report.claim.until, lang) })}</span>
        <button type="button" className="button" onClick={claim}>
          {t("desk.claim")}
        </button>
      </div>
      <Trouble error={error} />
    </>
  );
}
