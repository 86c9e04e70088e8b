// SPDX-License-Identifier: Apache-2.0
import { Camera } from "lucide-react";
import { useState } from "react";
import type { Client } from "../api/client";
import type { Photo, PhotoKind } from "../api/types";
import { useSpeech } from "../i18n/context";
import { Trouble } from "./Trouble";

interface Props {
  client: Client;
  field: string;
  label: string;
  ids: string[];
  change: (ids: string[]) => void;
}

const kinds: PhotoKind[] = ["after", "document", "before"];

/** Sends photos ahead of the action that will name them. */
export function Upload({ client, field, label, ids, change }: Props) {
  const { t, word } = useSpeech();
  const [kind, setKind] = useState<PhotoKind>("after");
  const [names, setNames] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const upload = async (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    setBusy(true);
    setError(null);
    let sent = ids;
    try {
      for (const file of files) {
        const form = new FormData();
        form.append("kind", kind);
        form.append("photo", file, file.name);
        const photo = await client.form<Photo>("/photos", form);
        sent = [...sent, photo.id];
        change(sent);
        setNames((old) => [...old, `${word("kind", kind)}: ${file.name}`]);
      }
    } catch (failed) {
      setError(failed);
    } finally {
      setBusy(false);
      input.value = "";
    }
  };
  return (
    <fieldset>
      <legend>{label}</legend>
      <div className="segments" role="radiogroup" aria-label={t("kind.label")}>
        {kinds.map((k) => (
          <label key={k} className="segment">
            <input type="radio" name={`${field}-kind`} checked={kind === k} onChange={() => setKind(k)} />
            <span>{word("kind", k)}</span>
          </label>
        ))}
      </div>
      <label className="button button-wide file-button">
        <Camera aria-hidden="true" /> {t(busy ? "action.uploading" : "action.addPhotos")}
        <input type="file" multiple accept="image/jpeg,image/png,image/webp" disabled={busy} data-field={field} onChange={(e) => void upload(e.target)} />
      </label>
      <div role="status">
        {names.map((name, i) => (
          <p key={i}>✓ {name}</p>
        ))}
      </div>
      <Trouble error={error} />
    </fieldset>
  );
}
