// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from "react";
import { ApiError } from "../api/problem";
import type { StaffReport } from "../api/model";
import { useSpeech } from "../i18n/context";
import { useLoad } from "../lib/load";
import { Loading, Trouble } from "../ui/Trouble";
import { useAddress, type Address } from "./address";
import { ofCentre, useDesk } from "./desk";
import { Filters } from "./Filters";
import { useKeys } from "./keys";
import { looks, lookOf, nextFree, queryOf, readPage, statesOf, takeInHand, type Page } from "./queue";
import { ReportPane } from "./ReportPane";
import { ReportLink } from "./ReportLink";
import { moveFocus, Panes, useInSight } from "./Panes";

const everyMs = 10_000;

/** The operations queue: what waits by urgency and age, and the report that is open beside it. */
export function Queue() {
  const { t, lang } = useSpeech();
  const desk = useDesk();
  const [address, go] = useAddress();
  const [more, setMore] = useState<Page[]>([]);
  const query = queryOf(address.filter, statesOf(desk.pack));
  const asked = JSON.stringify(query);
  const filter = JSON.stringify(address.filter);
  const read = useLoad(() => readPage(desk.client, query, "").then((page) => ({ filter, page })), [desk.client, asked, lang], everyMs);
  // What another filter was answered with says nothing about this one. The same filter is
  // asked for more exactly once the rules are known: until then the first answer stands.
  const first = read.data?.filter === filter ? read.data.page : undefined;
  useEffect(() => setMore([]), [asked, lang]);
  const items = unique([...(first?.items ?? []), ...more.flatMap((page) => page.items)]);
  const next = more.length > 0 ? more.at(-1)?.next : first?.next;
  const list = useRef<HTMLUListElement>(null);
  useInSight(list, address.id);
  const take = useTake(items, address.id, go);
  useKeys({
    j: () => moveFocus(list.current, 1), k: () => moveFocus(list.current, -1), ...(ofCentre(desk.me.roles) ? { t: take.run } : {}),
    ...(address.id ? { Escape: () => go({ id: "" }) } : {}),
  }, desk.keys);
  const loadMore = () => {
    if (next) readPage(desk.client, query, next).then((page) => setMore((old) => [...old, page]), () => read.reload());
  };
  return (
    <Panes
      open={address.id !== ""}
      list={
        <>
          <div className="list-head">
            <h1>{t("console.queue")}</h1>
            {ofCentre(desk.me.roles) && (
              <button type="button" className="button button-main" aria-keyshortcuts={desk.keys ? "t" : undefined} disabled={take.busy} onClick={take.run}>
                {t("console.take")} {desk.keys && <kbd aria-hidden="true">t</kbd>}
              </button>
            )}
          </div>
          <Looks address={address} go={go} />
          <Filters address={address} go={go} />
          <p role="status" className="quiet count">{take.said || (first ? t(next ? "console.countMore" : "console.count", { count: items.length }) : "")}</p>
          <Trouble error={take.error ?? read.error} retry={read.reload} />
          {!first && !read.error && <Loading />}
          {first && items.length === 0 && <p className="empty">{t(`console.empty.${lookOf(address.filter)}`)}</p>}
          <ul className="plain list" ref={list} aria-busy={read.loading}>
            {items.map((report) => (
              <li key={report.id}>
                <ReportLink report={report} address={address} />
              </li>
            ))}
          </ul>
          {next && <button type="button" className="button button-wide" onClick={loadMore}>{t("console.loadMore")}</button>}
        </>
      }
      pane={address.id && <ReportPane key={address.id} id={address.id} close={() => go({ id: "" })} changed={read.reload} />}
    />
  );
}

/** Takes the next report that nobody has, into hand and onto the screen; one that was left undone comes again last. */
function useTake(items: readonly StaffReport[], open: string, go: (part: Partial<Address>) => void) {
  const { t } = useSpeech();
  const { client, me } = useDesk();
  const left = useRef(new Set<string>());
  const [state, setState] = useState<{ busy: boolean; said: string; error: unknown }>({ busy: false, said: "", error: null });
  const run = async () => {
    if (state.busy) return;
    setState({ busy: true, said: "", error: null });
    const passed = left.current.add(open);
    if (!nextFree(items, me.id, Date.now(), passed)) passed.clear();
    passed.add(open);
    for (let r = nextFree(items, me.id, Date.now(), passed); r; r = nextFree(items, me.id, Date.now(), passed)) {
      passed.add(r.id);
      try {
        await takeInHand(client, r.id);
        setState({ busy: false, said: t("console.taken", { code: r.code }), error: null });
        return go({ id: r.id });
      } catch (error) {
        if (error instanceof ApiError && ([404, 409, 412].includes(error.problem.status))) continue;
        return setState({ busy: false, said: "", error });
      }
    }
    setState({ busy: false, said: t("console.noneFree"), error: null });
  };
  return { ...state, run: () => void run() };
}

function Looks({ address, go }: { address: Address; go: (part: Partial<Address>) => void }) {
  const { t } = useSpeech();
  const now = lookOf(address.filter);
  return (
    <nav aria-label={t("console.looks")} className="looks">
      {looks.map((look) => (
        <button key={look} type="button" aria-pressed={look === now} onClick={() => go({ id: "", filter: { ...address.filter, view: look === "check" ? "" : look } })}>
          {t(`console.look.${look}`)}
        </button>
      ))}
    </nav>
  );
}

function unique(items: readonly StaffReport[]): StaffReport[] {
  return [...new Map(items.map((r) => [r.id, r])).values()];
}
