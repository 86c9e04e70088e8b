// SPDX-License-Identifier: Apache-2.0
import type { TimelineItem } from "../api/types";
import { useSpeech } from "../i18n/context";
import { formatTime } from "../lib/format";
import { PhotoStrip } from "./PhotoStrip";

/** The kinds of item that are named by the state they led to. */
const steps = new Set(["report.submitted", "report.moved"]);

/** What happened to a report, from first to last. What was sent in stands above it already. */
export function Timeline({ items }: { items: readonly TimelineItem[] }) {
  const { t, lang, word } = useSpeech();
  if (items.length === 0) return <p className="quiet">{t("detail.timelineEmpty")}</p>;
  return (
    <ol className="timeline">
      {[...items]
        .sort((a, b) => a.pos - b.pos)
        .map((item) => (
          <li key={item.pos}>
            <p>
              <strong>{steps.has(item.kind) && item.state_label ? item.state_label : word("event", item.kind)}</strong>
              {item.unit && <span> · {item.unit.name}</span>}
            </p>
            {item.kind !== "report.submitted" && (
              <>
                {item.text && <p className="prose">{item.text}</p>}
                <PhotoStrip photos={item.photos} />
              </>
            )}
            <p className="quiet">
              <time dateTime={item.at}>{formatTime(item.at, lang)}</time>
            </p>
          </li>
        ))}
    </ol>
  );
}
