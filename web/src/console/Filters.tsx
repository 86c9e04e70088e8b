// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "react";
import type { Option } from "../api/types";
import { useSpeech } from "../i18n/context";
import type { Address } from "./address";
import { categoryOptions, useDesk } from "./desk";
import { facets } from "./queue";

/** What narrows the queue; all of it stands in the address, so that it can be kept and sent on. */
export function Filters({ address, go }: { address: Address; go: (part: Partial<Address>) => void }) {
  const { t } = useSpeech();
  const { units, areas, categories } = useDesk();
  const [sought, setSought] = useState(address.filter.q ?? "");
  useEffect(() => setSought(address.filter.q ?? ""), [address.filter.q]);
  const set = (name: string, value: string) => go({ filter: { ...address.filter, [name]: value } });
  const used = facets.filter((facet) => facet !== "q" && address.filter[facet]).length;
  const lists: Array<["category" | "area" | "unit", Option[]]> = [
    ["category", categoryOptions(categories)],
    ["area", areas.map((a) => ({ key: String(a.id), name: a.name }))],
    ["unit", units.map((u) => ({ key: u.code, name: u.name }))],
  ];
  return (
    <>
      <form role="search" className="search" onSubmit={(e) => { e.preventDefault(); set("q", sought.trim()); }}>
        <input type="search" aria-label={t("console.search")} placeholder={t("console.search")} value={sought} onChange={(e) => { setSought(e.target.value); if (e.target.value === "") set("q", ""); }} />
        <button type="submit" className="button">{t("console.find")}</button>
      </form>
      <details className="filters" open={used > 0 || undefined}>
        <summary>{used > 0 ? t("console.filtersUsed", { count: used }) : t("console.filters")}</summary>
        {lists.map(([name, options]) => (
          <label key={name} className="filter">
            <span>{t(`console.filter.${name}`)}</span>
            <select value={address.filter[name] ?? ""} onChange={(e) => set(name, e.target.value)}>
              <option value="">{t("console.any")}</option>
              {options.map((o) => (
                <option key={o.key} value={o.key}>{o.name}</option>
              ))}
            </select>
          </label>
        ))}
        {used > 0 && <button type="button" className="button-quiet" onClick={() => go({ filter: { view: address.filter.view ?? "" } })}>{t("console.clearFilters")}</button>}
      </details>
    </>
  );
}
