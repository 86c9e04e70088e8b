// SPDX-License-Identifier: Apache-2.0
import type { Deadline, Lang } from "../api/types";

const zone = "Asia/Ho_Chi_Minh";

/** A time as people say it: the day and the minute, in the city's zone. */
export function formatTime(iso: string, lang: Lang): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  return new Intl.DateTimeFormat(lang === "vi" ? "vi-VN" : "en-GB", {
    day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: zone,
  }).format(at);
}

/** What is left of a deadline in whole hours, and in whole minutes: negative when it has passed. Working hours unless `wall`. */
export interface Left {
  hours: number;
  minutes: number;
  wall: boolean;
}

/** Hours left, rounded towards the deadline so that nobody is promised more than there is; null when it is over or stands still. */
export function hoursLeft(deadline: Deadline): Left | null {
  if (deadline.met || deadline.paused) return null;
  const wall = deadline.remaining_working_s === undefined || deadline.remaining_working_s === null;
  const seconds = wall ? deadline.wall_s : deadline.remaining_working_s;
  if (seconds === undefined || seconds === null) return null;
  return { hours: Math.floor(seconds / 3600), minutes: Math.floor(seconds / 60), wall };
}

/** A size as people say it, in megabytes with one decimal. */
export function megabytes(bytes: number, lang: Lang): string {
  return new Intl.NumberFormat(lang === "vi" ? "vi-VN" : "en-GB", { maximumFractionDigits: 1 }).format(bytes / 1_000_000);
}
