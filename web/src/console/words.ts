// SPDX-License-Identifier: Apache-2.0
import type { Lang } from "../api/types";

const steps: ReadonlyArray<[Intl.RelativeTimeFormatUnit, number]> = [["day", 86_400], ["hour", 3600], ["minute", 60]];

/** How long ago something was, in its largest whole unit: "3 giờ trước". */
export function ageWords(iso: string, nowMs: number, lang: Lang): string {
  const seconds = Math.max(0, (nowMs - Date.parse(iso)) / 1000);
  if (Number.isNaN(seconds)) return "";
  const [unit, size] = steps.find(([, s]) => seconds >= s) ?? ["minute", 60];
  return new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "short" }).format(-Math.floor(seconds / size), unit);
}

/** A span of time in words: days and hours, or hours and minutes. */
export function spanWords(seconds: number, lang: Lang): string {
  const [d, h, m] = [Math.floor(seconds / 86_400), Math.floor((seconds % 86_400) / 3600), Math.floor((seconds % 3600) / 60)];
  const one = (value: number, unit: string) => new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(value);
  const parts = d > 0 ? [[d, "day"], [h, "hour"]] : h > 0 ? [[h, "hour"], [m, "minute"]] : [[m, "minute"]];
  return (parts as Array<[number, string]>).filter(([value], i) => value > 0 || i === 0).map(([value, unit]) => one(value, unit)).join(" ");
}
