// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { en } from "../src/i18n/en";
import { textOf, wordOf } from "../src/i18n/text";
import { vi, type Key } from "../src/i18n/vi";

const keys = Object.keys(vi) as Key[];
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

/** Every source file of the pages but the texts themselves, as one. */
function source(): string {
  const root = new URL("../src/", import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((f) => /\.tsx?$/.test(f) && !/i18n\/(console\.)?(vi|en)\.ts$/.test(f));
  return files.map((f) => readFileSync(new URL(f, root), "utf8")).join("\n");
}

describe("texts", () => {
  it("are the same in both languages, none empty", () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
    expect(keys.filter((k) => vi[k].trim() === "" || en[k].trim() === "")).toEqual([]);
  });

  it("have the same placeholders in both languages", () => {
    expect(keys.filter((k) => placeholders(vi[k]).join() !== placeholders(en[k]).join())).toEqual([]);
  });

  it("are NFC", () => {
    expect(keys.filter((k) => vi[k] !== vi[k].normalize("NFC"))).toEqual([]);
  });

  it("are all used", () => {
    const text = source();
    const built = ["console.key.", "console.look.", "console.empty.", "console.filter.", "console.queue", "console.inbox", "console.rules", "place.", "phase.", "mark.", "event.", "role.", "outcome.", "rating.", "kind.", "demand.", "sos.water.", "urgency.", "task.", "tried.", "shown.", "lead.", "contactReason."];
    expect(keys.filter((k) => !text.includes(`"${k}"`) && !built.some((prefix) => k.startsWith(prefix)))).toEqual([]);
  });

  it("are filled in, and unknown values stay as they came", () => {
    expect(textOf("vi", "sent.unit", { unit: "Sở {x}" })).toBe("Đơn vị phụ trách: Sở {x}");
    expect(wordOf("en", "role", "handler")).toBe("handler");
    expect(wordOf("vi", "role", "shaman")).toBe("shaman");
  });
});
