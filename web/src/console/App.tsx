// SPDX-License-Identifier: Apache-2.0
import { Contrast, Keyboard, LogOut } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { createClient, type Client } from "../api/client";
import { deviceOf, staffSession } from "../api/session";
import type { Me, PackDetail, PackVersion } from "../api/model";
import type { Area, Category, Lang, List, SignedIn, Unit } from "../api/types";
import { LangContext, useSpeech } from "../i18n/context";
import { useLoad } from "../lib/load";
import { browserStore, readJSON, writeJSON } from "../lib/store";
import { Loading, Trouble } from "../ui/Trouble";
import { TopBar } from "../ui/TopBar";
import { useSettings } from "../ui/useSettings";
import { hashOf, rooms, useAddress, type Room } from "./address";
import { DeskProvider, ofCentre, ofUnit, readsRules, type Desk } from "./desk";
import { draftsIn } from "./drafts";
import { Help } from "./Help";
import { Inbox } from "./Inbox";
import { useKeys } from "./keys";
import { Queue } from "./Queue";
import { Rules } from "./Rules";
import { seenIn } from "./seen";
import { SignIn } from "./SignIn";

/** The console: who signs in finds the rooms of their roles. */
export function App() {
  const [settings, change] = useSettings();
  const language = useRef<Lang>(settings.lang);
  language.current = settings.lang;
  const [look, setLook] = useLook();
  const stage = useMemo(() => makeStage(() => language.current), []);
  const [actor, setActor] = useState(stage.session.actor());
  const [help, setHelp] = useState(false);
  const ended = useCallback(() => setActor(stage.session.actor()), [stage]);
  useEffect(() => stage.onEnd(ended), [stage, ended]);
  const leave = () => {
    stage.client.post("/auth/logout", {}).catch(() => undefined);
    stage.session.leave();
    stage.drafts.clear();
    setActor(null);
  };
  const enter = (signedIn: SignedIn, login: string) => {
    const before = readJSON<string>(stage.tab, "ht.last");
    if (before !== null && before !== login) stage.drafts.clear();
    writeJSON(stage.tab, "ht.last", login);
    stage.session.adopt({ ...signedIn, actor: { ...signedIn.actor, name: login } });
    setActor(stage.session.actor());
  };
  useKeys({ "?": () => setHelp(true) }, look.keys);
  return (
    <LangContext value={settings.lang}>
      <TopBar settings={settings} change={change}>
        <Tools contrast={look.contrast} setContrast={(contrast) => setLook({ contrast })} help={() => setHelp(true)} leave={actor ? leave : undefined} />
      </TopBar>
      <Offline />
      {actor ? <Rooms key={actor.id} stage={stage} keys={look.keys} /> : <SignIn client={stage.guest} done={enter} kept={readJSON<string>(stage.tab, "ht.last") !== null} />}
      <Help open={help} close={() => setHelp(false)} keys={look.keys} setKeys={(keys) => setLook({ keys })} />
    </LangContext>
  );
}

interface Stage {
  session: ReturnType<typeof staffSession>;
  client: Client;
  guest: Client;
  drafts: Desk["drafts"];
  seen: Desk["seen"];
  tab: ReturnType<typeof browserStore>;
  /** Calls back when the session has ended by itself, until the returned function is called. */
  onEnd: (done: () => void) => () => void;
}

function makeStage(language: () => Lang): Stage {
  const tab = browserStore("sessionStorage");
  const { installation } = deviceOf(browserStore("localStorage"));
  const inner = staffSession(tab, language, installation);
  const watchers = new Set<() => void>();
  const session = {
    ...inner,
    renew: async () => {
      const good = await inner.renew();
      if (!good) for (const done of watchers) done();
      return good;
    },
  };
  return {
    session, tab, drafts: draftsIn(tab), seen: seenIn(browserStore("localStorage")),
    client: createClient({ session, language, installation }), guest: createClient({ session: null, language, installation }),
    onEnd: (done) => { watchers.add(done); return () => void watchers.delete(done); },
  };
}

/** The rooms of whoever signed in. */
function Rooms({ stage, keys }: { stage: Stage; keys: boolean }) {
  const { t, lang } = useSpeech();
  const [address, go] = useAddress();
  const { client } = stage;
  const me = useLoad(() => client.get<Me>("/me"), [client]);
  const roles = me.data?.roles ?? [];
  const units = useLoad(() => client.get<List<Unit>>("/units", { limit: 200 }).then((l) => l.items), [client, lang]);
  const areas = useLoad(() => client.get<List<Area>>("/areas", { limit: 200 }).then((l) => l.items), [client, lang]);
  const categories = useLoad(() => client.get<List<Category>>("/categories").then((l) => l.items), [client, lang]);
  const mayRead = readsRules(roles);
  const pack = useLoad(() => (mayRead ? packInForce(client) : Promise.resolve(undefined)), [client, mayRead, lang]);
  const open = me.data ? roomsOf(roles) : [];
  const room = open.find((r) => r === address.room) ?? open[0];
  useEffect(() => {
    if (room && address.room !== room) go({ room, id: "" });
  }, [room, address.room]);
  if (!me.data) return <main id="content" tabIndex={-1} className="narrow">{me.error ? <Trouble error={me.error} retry={me.reload} /> : <Loading />}</main>;
  const desk: Desk = {
    client, me: me.data, units: units.data ?? [], areas: areas.data ?? [], categories: categories.data ?? [], pack: pack.data,
    drafts: stage.drafts, seen: stage.seen, keys,
  };
  return (
    <DeskProvider value={desk}>
      <nav className="rooms" aria-label={t("nav.label")}>
        {open.map((r) => <a key={r} href={hashOf({ room: r, id: "", filter: {} })} aria-current={r === room ? "page" : undefined}>{t(`console.${r}`)}</a>)}
        <WhoAmI me={me.data} units={units.data ?? []} />
      </nav>
      <main id="content" tabIndex={-1} className="room">
        {room === "queue" && <Queue />}
        {room === "inbox" && <Inbox />}
        {room === "rules" && <Rules />}
        {!room && <p className="empty">{t("console.noRoom")}</p>}
      </main>
    </DeskProvider>
  );
}

function WhoAmI({ me, units }: { me: Me; units: readonly Unit[] }) {
  const { t, word } = useSpeech();
  const name = me.name ?? "";
  const unit = units.find((u) => u.code === me.unit)?.name ?? "";
  const parts = [name, me.roles.map((r) => word("role", r)).join(", "), unit];
  return <span className="whoami quiet">{t("desk.as", { who: parts.filter((p, i) => p !== "" && (i === 0 || !name.toLowerCase().includes(p.toLowerCase()))).join(" · ") })}</span>;
}

function roomsOf(roles: readonly string[]): Room[] {
  return rooms.filter((r) => (r === "queue" && (ofCentre(roles) || roles.includes("leader"))) || (r === "inbox" && ofUnit(roles)) || (r === "rules" && readsRules(roles)));
}

async function packInForce(client: Client): Promise<PackDetail | undefined> {
  const { items } = await client.get<List<PackVersion>>("/admin/packs");
  const version = items.find((v) => v.in_force);
  return version && client.get<PackDetail>(`/admin/packs/${version.number}`);
}

interface ToolsProps {
  contrast: boolean;
  setContrast: (on: boolean) => void;
  help: () => void;
  leave: (() => void) | undefined;
}

function Tools({ contrast, setContrast, help, leave }: ToolsProps) {
  const { t } = useSpeech();
  return (
    <span className="tools">
      <button type="button" className="icon-button" aria-pressed={contrast} aria-label={t("console.contrast")} title={t("console.contrast")} onClick={() => setContrast(!contrast)}><Contrast size={20} aria-hidden="true" /></button>
      <button type="button" className="icon-button for-keys" aria-label={t("console.keys")} title={t("console.keys")} onClick={help}><Keyboard size={20} aria-hidden="true" /></button>
      {leave && <button type="button" className="icon-button" aria-label={t("desk.signOut")} title={t("desk.signOut")} onClick={leave}><LogOut size={20} aria-hidden="true" /></button>}
    </span>
  );
}

/** Said while the browser knows that there is no network. */
function Offline() {
  const { t } = useSpeech();
  const online = useSyncExternalStore(
    (changed) => {
      window.addEventListener("online", changed);
      window.addEventListener("offline", changed);
      return () => { window.removeEventListener("online", changed); window.removeEventListener("offline", changed); };
    },
    () => navigator.onLine,
  );
  return <p role="status" className={online ? "hidden" : "offline"}>{online ? "" : t("console.offline")}</p>;
}

interface Look {
  contrast: boolean;
  keys: boolean;
}

/** What a reader sets for the console alone, kept between visits. */
function useLook(): [Look, (part: Partial<Look>) => void] {
  const [look, setLook] = useState<Look>(() => ({ contrast: false, keys: true, ...readJSON<Partial<Look>>(browserStore("localStorage"), "ht.console") }));
  useEffect(() => {
    document.documentElement.classList.toggle("contrast", look.contrast);
    writeJSON(browserStore("localStorage"), "ht.console", look);
  }, [look]);
  return [look, (part) => setLook((old) => ({ ...old, ...part }))];
}
