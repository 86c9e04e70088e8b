// SPDX-License-Identifier: Apache-2.0
import { Clock } from "lucide-react";
import type { Deadline } from "../api/types";
import { useSpeech } from "../i18n/context";
import { formatTime, hoursLeft } from "../lib/format";

/** What is left of a deadline in words, working hours first and the date behind. Nothing when it is met or stands still. */
export function Due({ deadline }: { deadline: Deadline }) {
  const { t, lang } = useSpeech();
  const left = hoursLeft(deadline);
  if (!left) return null;
  const late = left.hours < 0;
  const hours = Math.abs(left.hours);
  const words = late
    ? t(left.wall ? "mine.overdueWall" : "mine.overdue", { hours })
    : t(left.wall ? "mine.leftWall" : "mine.left", { hours });
  return (
    <span className={late ? "due due-late" : "due"}>
      <Clock size={16} aria-hidden="true" /> {words} <span className="quiet">({t("detail.by", { when: formatTime(deadline.due_at, lang) })})</span>
    </span>
  );
}

/** The deadline that a list shows: the one that ends first of those still running. */
export function nextDeadline(deadlines: readonly Deadline[] | undefined): Deadline | undefined {
  return [...(deadlines ?? [])].filter((d) => hoursLeft(d)).sort((a, b) => a.due_at.localeCompare(b.due_at))[0];
}
