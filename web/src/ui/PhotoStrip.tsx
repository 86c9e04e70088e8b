// SPDX-License-Identifier: Apache-2.0
import type { Photo } from "../api/types";
import { useSpeech } from "../i18n/context";

/** A report's photos; one that is not ready yet says so in words. */
export function PhotoStrip({ photos }: { photos: readonly Photo[] | undefined }) {
  const { t, word } = useSpeech();
  if (!photos || photos.length === 0) return null;
  return (
    <ul className="photos">
      {photos.map((photo, i) => (
        <li key={photo.id}>
          {photo.status === "ready" && photo.thumb_url ? (
            <a href={photo.view_url ?? photo.thumb_url} target="_blank" rel="noreferrer">
              <img src={photo.thumb_url} alt={photo.alt || t("report.photoAlt", { n: i + 1 })} loading="lazy" />
            </a>
          ) : (
            <p className="photo-words">
              {photo.status === "refused" ? t("detail.photoRefused", { reason: photo.reason ?? "" }) : t("detail.photoPending")}
            </p>
          )}
          <span className="quiet">{word("kind", photo.kind)}</span>
        </li>
      ))}
    </ul>
  );
}
