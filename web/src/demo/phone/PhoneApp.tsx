// SPDX-License-Identifier: Apache-2.0
import { ArrowLeft, ClipboardList, House, Inbox as InboxIcon, Siren } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { createClient } from "../../api/client";
import { citizenSession, deviceOf } from "../../api/session";
import type { Area, Category, Config, Lang, List, Notification, Report } from "../../api/types";
import { useSpeech } from "../../i18n/context";
import { saveDraft, type Slot } from "../../lib/draft";
import { useLoad, type Loaded } from "../../lib/load";
import { Outbox } from "../../lib/outbox";
import type { PhotoStore } from "../../lib/photostore";
import { goTo, useScreen, type Screen } from "../../lib/route";
import { browserStore, type Store } from "../../lib/store";
import { PhoneContext, type Phone } from "./context";
import { Detail } from "./Detail";
import { Home } from "./Home";
import { Inbox } from "./Inbox";
import { Mine } from "./Mine";
import { NewReport } from "./NewReport";
import { Profile } from "./Profile";
import { Sos } from "./Sos";
import { Track } from "./Track";

/** A citizen's phone, in a phone-wide column. */
export function PhoneApp({ photos }: { photos: PhotoStore }) {
  const { lang, t } = useSpeech();
  const language = useRef<Lang>(lang);
  language.current = lang;
  const base = useMemo(() => basis(photos, () => language.current), [photos]);
  const { client } = base;
  const config = useLoad(() => client.get<Config>("/config"), [client, lang]);
  const categories = useLoad(() => client.get<List<Category>>("/categories").then((l) => l.items), [client, lang]);
  const areas = useLoad(() => client.get<List<Area>>("/areas", { limit: 200 }).then((l) => l.items), [client, lang]);
  const messages = useLoad(() => client.get<List<Notification>>("/me/notifications").then((l) => l.items), [client, lang], 5000);
  const pushes = usePushes(base, lang);
  useResume(base.outbox);
  const phone: Phone = { ...base, config, categories, areas, pushes, refreshUnread: messages.reload };
  const [name, argument] = useScreen();
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    main.current?.scrollTo(0, 0);
  }, [name, argument]);
  return (
    <PhoneContext value={phone}>
      <div className="phone">
        {name !== "home" && (
          <header className="phone-head">
            <button type="button" className="button-quiet" onClick={() => (history.length > 1 ? history.back() : goTo("home"))}>
              <ArrowLeft size={20} aria-hidden="true" /> {t("nav.back")}
            </button>
          </header>
        )}
        <main className="phone-body" ref={main} id="content" tabIndex={-1}>
          <ScreenView screen={[name, argument]} messages={messages} />
        </main>
        <BottomNav name={name} unread={(messages.data ?? []).filter((m) => !m.read_at).length} />
      </div>
    </PhoneContext>
  );
}

type Basis = Pick<Phone, "client" | "session" | "store" | "photos" | "outbox"> & { deviceId: string };

function basis(photos: PhotoStore, language: () => Lang): Basis {
  const store = browserStore("localStorage");
  const device = deviceOf(store);
  const session = citizenSession(store, device, language);
  const client = createClient({ session, language, installation: device.installation });
  const post = (form: FormData, key: string) => client.form<Report>("/reports", form, { key });
  const outbox = { report: new Outbox("report", store, photos, post), sos: new Outbox("sos", store, photos, post) };
  for (const slot of ["report", "sos"] as const) outbox[slot].watch(() => forgetSent(outbox[slot], store, slot));
  return { client, session, store, photos, outbox, deviceId: device.device_id };
}

/** Forgets the draft of what was sent, whichever screen is looked at: written on, it would be filed twice. */
function forgetSent(outbox: Outbox, store: Store, slot: Slot): void {
  if (outbox.current()?.status === "sent") saveDraft(store, slot, null);
}

/** Registers the phone for pushes; the demo's tokens reach the inbox instead of a real phone. */
function usePushes({ client, deviceId }: Basis, lang: Lang): boolean | null {
  const [state, setState] = useState<boolean | null>(null);
  useEffect(() => {
    client.post("/devices", { fcm_token: `demo-${deviceId}`, platform: "web", language: lang }).then(
      () => setState(true),
      () => setState(false),
    );
  }, [client, deviceId, lang]);
  return state;
}

/** Goes on sending what waits: at the start, and whenever the connection is back. */
function useResume(outbox: Record<Slot, Outbox>): void {
  useEffect(() => {
    const resume = () => {
      outbox.sos.resume();
      outbox.report.resume();
    };
    resume();
    window.addEventListener("online", resume);
    return () => {
      window.removeEventListener("online", resume);
      outbox.sos.pause();
      outbox.report.pause();
    };
  }, [outbox]);
}

function ScreenView({ screen: [name, argument], messages }: { screen: Screen; messages: Loaded<Notification[]> }) {
  switch (name) {
    case "new":
      return <NewReport />;
    case "mine":
      return <Mine />;
    case "report":
      return <Detail id={argument} />;
    case "inbox":
      return <Inbox messages={messages} />;
    case "track":
      return <Track />;
    case "me":
      return <Profile />;
    case "sos":
      return <Sos />;
    default:
      return <Home />;
  }
}

function BottomNav({ name, unread }: { name: string; unread: number }) {
  const { t } = useSpeech();
  const current = (...names: string[]) => (names.includes(name) ? ("page" as const) : undefined);
  return (
    <nav className="phone-nav" aria-label={t("nav.label")}>
      <a href="#/" aria-current={current("home", "new")}>
        <House aria-hidden="true" /> {t("nav.home")}
      </a>
      <a href="#/mine" aria-current={current("mine", "report")}>
        <ClipboardList aria-hidden="true" /> {t("nav.mine")}
      </a>
      <a href="#/inbox" aria-current={current("inbox")}>
        <InboxIcon aria-hidden="true" /> {t("nav.inbox")}
        {unread > 0 && (
          <span className="badge">
            <span aria-hidden="true">{unread}</span>
            <span className="hidden">{t("nav.unread", { count: unread })}</span>
          </span>
        )}
      </a>
      <a href="#/sos" className="nav-sos" aria-current={current("sos")}>
        <Siren aria-hidden="true" /> {t("nav.sos")}
      </a>
    </nav>
  );
}
