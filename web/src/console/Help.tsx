// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from "react";
import { useSpeech } from "../i18n/context";

const known = ["t", "j", "k", "Enter", "a", "r", "m", "q", "d", "g", "b", "Ctrl+Enter", "Esc", "?"] as const;

/** What each key does, and turning them off. */
export function Help({ open, close, keys, setKeys }: { open: boolean; close: () => void; keys: boolean; setKeys: (on: boolean) => void }) {
  const { t } = useSpeech();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="help-title" onClose={close}>
      <h2 id="help-title">{t("console.keys")}</h2>
      <dl className="key-list">
        {known.map((key) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{t(`console.key.${key}`)}</dd></div>)}
      </dl>
      <p className="quiet">{t("console.keysHelp")}</p>
      <label className="check"><input type="checkbox" checked={keys} onChange={(e) => setKeys(e.target.checked)} /> {t("console.keysOn")}</label>
      <button type="button" className="button button-main" onClick={close}>{t("console.close")}</button>
    </dialog>
  );
}
