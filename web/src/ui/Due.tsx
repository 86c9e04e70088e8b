// SPDX-License-Identifier: Apache-2.0
import { Clock } from "lucide-react";
import type { Deadline } from "../api/types";
import { useSpeech, type Speech } from "../i18n/context";
import { formatTime, hoursLeft, type Left } from "../lib/format";

/** What is left of a deadline in words, working hours first and the date behind. Nothing when it is met or stands still. */
export function Due({ deadline }: { deadline: Deadline }) {
  const { t, lang } = useSpeech();
  const left = hoursLeft(deadline);
  if (!left) return null;
  const late = left.minutes < 0 || (left.minutes === 0 && deadline.met === false);
  const words = late && left.minutes === 0 ? t("due.late") : leftWords(left, t);
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

/** Time left, or by how much it has passed; in minutes where it is less than an hour. */
export function leftWords({ hours, minutes, wall }: Left, t: Speech["t"]): string {
  if (Math.abs(minutes) < 60) return t(minutes < 0 ? "due.lateMinutes" : "due.leftMinutes", { minutes: Math.abs(minutes) });
  if (hours < 0) return t(wall ? "mine.overdueWall" : "mine.overdue", { hours: -hours });
  return t(wall ? "mine.leftWall" : "mine.left", { hours });
}
