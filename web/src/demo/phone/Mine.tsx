// SPDX-License-Identifier: Apache-2.0
import type { List, Report } from "../../api/types";
import { useSpeech } from "../../i18n/context";
import { useLoad } from "../../lib/load";
import { ReportRow } from "../../ui/ReportRow";
import { Loading, Trouble } from "../../ui/Trouble";
import { usePhone } from "./context";
import { useEntry } from "./useDraft";

/** The citizen's own reports, and what still waits to be sent. */
export function Mine() {
  const { t, lang } = useSpeech();
  const { client } = usePhone();
  const list = useLoad(() => client.get<List<Report>>("/me/reports").then((l) => l.items), [client, lang], 15_000);
  const report = useEntry("report");
  const sos = useEntry("sos");
  return (
    <>
      <h1>{t("mine.title")}</h1>
      {report?.status === "waiting" && <a className="card" href="#/new">{t(report.why === "busy" ? "outbox.busy" : "outbox.offline")}</a>}
      {sos?.status === "waiting" && <a className="card" href="#/sos">{t(sos.why === "busy" ? "outbox.busy" : "outbox.offline")}</a>}
      <Trouble error={list.error} retry={list.reload} />
      {!list.data && !list.error && <Loading />}
      {list.data?.length === 0 && <p className="empty">{t("mine.empty")}</p>}
      <ul className="cards">
        {list.data?.map((item) => (
          <li key={item.id}>
            <a className="card" href={`#/report/${encodeURIComponent(item.id)}`}>
              <ReportRow report={item} />
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
