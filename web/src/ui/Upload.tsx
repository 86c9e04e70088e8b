// SPDX-License-Identifier: Apache-2.0
import { Camera, Image } from "lucide-react";
import { useState } from "react";
import type { Client } from "../api/client";
import type { PhotoKind } from "../api/types";
import { useSpeech } from "../i18n/context";
import { Trouble } from "./Trouble";
import { useUploads } from "./useUploads";

interface Props {
  client: Client;
  field: string;
  label: string;
  ids: string[];
  change: (ids: string[]) => void;
}

const kinds: PhotoKind[] = ["after", "document", "before"];
const types = "image/jpeg,image/png,image/webp";

/** Sends photos ahead of the action that will name them; on a phone by one tap on the camera. */
export function Upload({ client, field, label, ids, change }: Props) {
  const { t, word } = useSpeech();
  const [kind, setKind] = useState<PhotoKind>("after");
  const [names, setNames] = useState<string[]>([]);
  const uploads = useUploads(client, (id, photo) => {
    change([...ids, id]);
    setNames((old) => [...old, `${word("kind", photo.kind)}: ${photo.name}`]);
  });
  const take = (input: HTMLInputElement) => {
    uploads.add([...(input.files ?? [])], kind);
    input.value = "";
  };
  const earlier = ids.length - names.length;
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
      <label className="button button-main button-wide file-button by-camera">
        <Camera aria-hidden="true" /> {t("action.camera")}
        <input type="file" capture="environment" accept={types} onChange={(e) => take(e.target)} />
      </label>
      <label className="button button-wide file-button">
        <Image aria-hidden="true" /> {t("action.addPhotos")}
        <input type="file" multiple accept={types} data-field={field} onChange={(e) => take(e.target)} />
      </label>
      <div role="status">
        {earlier > 0 && <p>✓ {t("report.photoCount", { count: earlier, max: ids.length })}</p>}
        {names.map((name, i) => (
          <p key={i}>✓ {name}</p>
        ))}
        {uploads.waiting.length > 0 && <p>{uploads.stuck ? t("action.waitsForNetwork", { count: uploads.waiting.length }) : t("action.uploading")}</p>}
      </div>
      <Trouble error={uploads.error} />
    </fieldset>
  );
}
