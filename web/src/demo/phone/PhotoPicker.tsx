// SPDX-License-Identifier: Apache-2.0
import { Camera, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useSpeech } from "../../i18n/context";
import { megabytes } from "../../lib/format";
import { newId } from "../../lib/ids";
import { FieldError } from "../../ui/Field";
import { usePhone } from "./context";

interface Props {
  ids: string[];
  change: (ids: string[]) => void;
  error: string | undefined;
}

/** Takes photos by camera or from the album, keeps them on the phone, and shows them. */
export function PhotoPicker({ ids, change, error }: Props) {
  const { t } = useSpeech();
  const { config } = usePhone();
  const { add, notes, max, mb } = useAddPhotos(ids, change);
  return (
    <section aria-labelledby="photos-title">
      <h2 id="photos-title">{t("report.photos")}</h2>
      <ul className="photos">
        {ids.map((id, i) => (
          <Preview key={id} id={id} n={i + 1} remove={() => change(ids.filter((other) => other !== id))} />
        ))}
      </ul>
      {ids.length < max && (
        <label className="button button-wide file-button">
          <Camera aria-hidden="true" /> {t("report.addPhoto")}
          <input type="file" accept="image/jpeg,image/png,image/webp" multiple data-field="photos" onChange={(event) => void add(event.target)} />
        </label>
      )}
      <p className="help">
        {ids.length > 0 && <strong>{t("report.photoCount", { count: ids.length, max })}. </strong>}
        {config.data && t("report.photoHelp", { max, mb })}
      </p>
      <div role="status">
        {notes.map((note) => (
          <FieldError key={note} text={note} />
        ))}
      </div>
      {error && <FieldError text={error} />}
    </section>
  );
}

/** Adding photos within the limits that the server names. */
export function useAddPhotos(ids: string[], change: (ids: string[]) => void) {
  const { t, lang } = useSpeech();
  const { photos, config } = usePhone();
  const [notes, setNotes] = useState<string[]>([]);
  const max = config.data?.limits.photos ?? 6;
  const bytes = config.data?.limits.photo_bytes ?? 25_000_000;
  const mb = megabytes(bytes, lang);
  const add = async (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    const said: string[] = [];
    const added: string[] = [];
    for (const file of files) {
      if (ids.length + added.length >= max) {
        said.push(t("report.photoTooMany", { max }));
        break;
      }
      if (file.size > bytes) {
        said.push(t("report.photoTooLarge", { name: file.name, mb }));
        continue;
      }
      const id = newId();
      try {
        await photos.put({ id, name: file.name, type: file.type, blob: file });
        added.push(id);
      } catch {
        said.push(t("report.photoNotKept"));
      }
    }
    input.value = "";
    setNotes(said);
    if (added.length > 0) change([...ids, ...added]);
  };
  return { add, notes, max, mb };
}

function Preview({ id, n, remove }: { id: string; n: number; remove: () => void }) {
  const { t } = useSpeech();
  const { photos } = usePhone();
  const [url, setUrl] = useState("");
  useEffect(() => {
    let made = "";
    let gone = false;
    void photos.get(id).then((photo) => {
      if (!photo || gone) return;
      made = URL.createObjectURL(photo.blob);
      setUrl(made);
    });
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [id, photos]);
  return (
    <li>
      {url && <img src={url} alt={t("report.photoAlt", { n })} />}
      <button type="button" className="photo-remove" onClick={remove} aria-label={t("report.photoRemove", { n })}>
        <X size={20} aria-hidden="true" />
      </button>
      <span className="quiet">{t("report.photoKind")}</span>
    </li>
  );
}
