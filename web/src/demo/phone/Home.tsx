// SPDX-License-Identifier: Apache-2.0
import { Camera, PenLine, Search, UserRound } from "lucide-react";
import { useSpeech } from "../../i18n/context";
import { loadDraft, saveDraft } from "../../lib/draft";
import { goTo } from "../../lib/route";
import { FieldError } from "../../ui/Field";
import { usePhone } from "./context";
import { useAddPhotos } from "./PhotoPicker";
import { useEntry } from "./useDraft";

/** The first screen: three words and a big camera. */
export function Home() {
  const { t } = useSpeech();
  const { config } = usePhone();
  const pending = useEntry("report");
  const waits = pending?.status === "waiting" || pending?.status === "sending";
  return (
    <>
      {config.data?.banner && (
        <div className="note">
          <strong>{t("home.banner")}</strong>
          <p>{config.data.banner}</p>
        </div>
      )}
      <h1 className="slogan">{t("home.title")}</h1>
      {waits ? (
        <a className="card" href="#/new">
          {t(pending.why === "busy" ? "outbox.busy" : "outbox.offline")}
        </a>
      ) : (
        <Start />
      )}
      <div className="links">
        <a href="#/track">
          <Search size={20} aria-hidden="true" /> {t("home.track")}
        </a>
        <a href="#/me">
          <UserRound size={20} aria-hidden="true" /> {t("home.profile")}
        </a>
      </div>
    </>
  );
}

/** The camera, and writing without it. */
function Start() {
  const { t } = useSpeech();
  const { store, outbox } = usePhone();
  const draft = loadDraft(store, "report");
  const started = draft.description !== "" || draft.photoIds.length > 0;
  const write = () => {
    if (outbox.report.current()?.status === "sent") outbox.report.clear();
    goTo("new");
  };
  const { add, notes } = useAddPhotos(draft.photoIds, (photoIds) => {
    saveDraft(store, "report", { ...loadDraft(store, "report"), photoIds });
    write();
  });
  return (
    <>
      <label className="camera">
        <Camera size={72} strokeWidth={1.5} aria-hidden="true" />
        <span>{t("home.camera")}</span>
        <input type="file" accept="image/jpeg,image/png,image/webp" capture="environment" onChange={(e) => void add(e.target)} />
      </label>
      {notes.map((note) => (
        <FieldError key={note} text={note} />
      ))}
      <button type="button" className="button button-wide" onClick={write}>
        <PenLine aria-hidden="true" /> {t(started ? "home.continue" : "home.noPhoto")}
      </button>
    </>
  );
}
