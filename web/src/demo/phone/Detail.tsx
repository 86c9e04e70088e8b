// SPDX-License-Identifier: Apache-2.0
import type { List, Report, TimelineItem } from "../../api/types";
import { useSpeech } from "../../i18n/context";
import { useLoad } from "../../lib/load";
import { Actions } from "../../ui/Actions";
import { ReportView } from "../../ui/ReportView";
import { Loading, Trouble } from "../../ui/Trouble";
import { usePhone } from "./context";

/** One of the citizen's reports, with what they can do about it. */
export function Detail({ id }: { id: string }) {
  const { t, lang } = useSpeech();
  const { client } = usePhone();
  const path = `/reports/${encodeURIComponent(id)}`;
  const report = useLoad(() => client.get<Report>(path), [client, id, lang], 5000);
  const timeline = useLoad(() => client.get<List<TimelineItem>>(`${path}/timeline`).then((l) => l.items), [client, id, lang, report.data?.updated_at, report.data?.state]);
  if (!report.data || report.data.id !== id) return report.error ? <Trouble error={report.error} retry={report.reload} /> : <Loading />;
  return (
    <>
      <Trouble error={report.error} />
      <ReportView report={report.data} timeline={timeline.data}>
        <Actions
          client={client} report={report.data} withVersion={false} choices={{ units: [], categories: [] }} title={t("detail.actions")} none={t("detail.noActions")}
          changed={() => { report.reload(); timeline.reload(); }}
        />
      </ReportView>
    </>
  );
}
