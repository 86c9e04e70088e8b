// SPDX-License-Identifier: Apache-2.0
import { useMemo, useRef, useState } from "react";
import { createClient } from "../../api/client";
import { deviceOf, staffSession } from "../../api/session";
import type { Lang, List, SignedIn, Unit } from "../../api/types";
import { useSpeech, type Speech } from "../../i18n/context";
import { useLoad } from "../../lib/load";
import { browserStore } from "../../lib/store";
import { DeskReport } from "./DeskReport";
import { Login } from "../../ui/Login";
import { Queue } from "./Queue";
import { rolesOf } from "../../lib/roles";

/** A staff member's desk, the least that lets the whole flow be tried. */
export function Desk() {
  const speech = useSpeech();
  const { t, lang } = speech;
  const language = useRef<Lang>(lang);
  language.current = lang;
  const { session, client, guest } = useMemo(() => {
    const now = () => language.current;
    const { installation } = deviceOf(browserStore("localStorage"));
    const made = staffSession(browserStore("sessionStorage"), now, installation);
    return {
      session: made, client: createClient({ session: made, language: now, installation }),
      guest: createClient({ session: null, language: now, installation }),
    };
  }, []);
  const units = useLoad(() => guest.get<List<Unit>>("/units", { limit: 200 }).then((l) => l.items), [guest, lang]);
  const [actor, setActor] = useState(session.actor());
  const [open, setOpen] = useState("");
  const leave = () => {
    client.post("/auth/logout", {}).catch(() => undefined);
    session.leave();
    setActor(null);
    setOpen("");
  };
  return (
    <div className="desk">
      <h1>{t("desk.title")}</h1>
      <p className="quiet">{t("desk.note")}</p>
      {!actor && (
        <Login
          client={guest}
          units={units.data ?? []}
          done={(signedIn, login) => {
            session.adopt({ ...signedIn, actor: { ...signedIn.actor, name: signedIn.actor?.name || login } });
            setActor(session.actor());
          }}
        />
      )}
      {actor && (
        <>
          <div className="row">
            <p className="who">{t("desk.as", { who: whoIs(actor, units.data ?? [], speech) })}</p>
            <button type="button" className="button" onClick={leave}>
              {t("desk.signOut")}
            </button>
          </div>
          {open === "" ? <Queue client={client} open={setOpen} signedOut={() => setActor(session.actor())} /> : <DeskReport client={client} id={open} units={units.data ?? []} roles={rolesOf(actor)} close={() => setOpen("")} />}
        </>
      )}
    </div>
  );
}

function whoIs(actor: NonNullable<SignedIn["actor"]>, units: readonly Unit[], { word }: Speech): string {
  const unit = units.find((u) => u.code === actor.unit)?.name ?? actor.unit;
  return [actor.name, rolesOf(actor).map((role) => word("role", role)).join(", "), unit].filter(Boolean).join(" · ");
}
