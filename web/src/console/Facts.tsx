// SPDX-License-Identifier: Apache-2.0
import { useState, type ReactNode } from "react";
import type { Contact, StaffReport } from "../api/model";
import { useSpeech } from "../i18n/context";
import { findCategory } from "../lib/categories";
import { Trouble } from "../ui/Trouble";
import { ofCentre, useDesk } from "./desk";

/** Where, for whom, what was answered to the category's questions, and what a caller for help said. */
export function Facts({ report }: { report: StaffReport }) {
  const { t, word } = useSpeech();
  const { categories, me } = useDesk();
  const asked = findCategory([...categories], report.category?.code ?? "")?.attributes ?? [];
  const answers = Object.entries(report.attributes ?? {}).map(([code, value]) => {
    const attribute = asked.find((a) => a.code === code);
    const shown = attribute?.options?.find((o) => o.key === value)?.name ?? (value === "true" || value === "false" ? t(value === "true" ? "console.yes" : "console.no") : value);
    return [attribute?.label ?? code, shown] as const;
  });
  const sos = report.sos_details;
  const place = report.location;
  return (
    <dl className="facts">
      {(report.area || report.address) && <Fact name={t("detail.area")}>{[report.address, report.area?.name].filter(Boolean).join(", ")}</Fact>}
      {place && <Fact name={t("console.point")}>{place.lat.toFixed(5)}, {place.lon.toFixed(5)}{place.accuracy_m ? ` ±${Math.round(place.accuracy_m)} m` : ""}</Fact>}
      {report.unit && <Fact name={t("detail.unit")}>{report.unit.name}</Fact>}
      {sos && <Fact name={t("sos.people")}>{sos.people}</Fact>}
      {sos?.water_level && <Fact name={t("sos.water")}>{word("sos.water", sos.water_level)}</Fact>}
      {answers.map(([name, value]) => <Fact key={name} name={name}>{value}</Fact>)}
      {report.me_too > 0 && <Fact name={t("console.meToo")}>{report.me_too}</Fact>}
      {report.escalated > 0 && <Fact name={t("console.escalated")}>{t("console.times", { count: report.escalated })}</Fact>}
      {report.urged > 0 && <Fact name={t("console.urged")}>{t("console.times", { count: report.urged })}</Fact>}
      {report.shown && <Fact name={t("console.public")}>{word("shown", report.shown)}</Fact>}
      {report.has_contact && ofCentre(me.roles) && <Fact name={t("console.contact")}><Reporter id={report.id} /></Fact>}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

/** Why somebody may read who reported. */
const reasons = ["call_back", "verify", "rescue", "safety", "legal"];

/** Who reported: behind a button, for each reading stands in the log. */
function Reporter({ id }: { id: string }) {
  const { t, word } = useSpeech();
  const { client } = useDesk();
  const [contact, setContact] = useState<Contact>();
  const [error, setError] = useState<unknown>(null);
  const [reason, setReason] = useState("");
  if (contact) return <span>{[contact.name, contact.email].filter(Boolean).join(" · ")} {contact.phone && <a href={`tel:${contact.phone}`}>{contact.phone}</a>}</span>;
  const read = () => client.post<Contact>(`/reports/${id}/contact`, { reason }).then(setContact, setError);
  return (
    <>
      <span className="row row-start no-print">
        <select aria-label={t("console.contactWhy")} value={reason} onChange={(e) => setReason(e.target.value)}>
          <option value="">{t("console.contactWhy")}</option>
          {reasons.map((r) => <option key={r} value={r}>{word("contactReason", r)}</option>)}
        </select>
        <button type="button" className="button" disabled={reason === ""} onClick={() => void read()}>{t("console.readContact")}</button>
      </span>
      <Trouble error={error} />
    </>
  );
}
