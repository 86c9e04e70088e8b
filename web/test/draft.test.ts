// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { AttributeDef } from "../src/api/types";
import { emptyDraft, loadDraft, missing, placeOf, saveDraft, submissionOf, typedNumber } from "../src/lib/draft";
import { memoryStore } from "../src/lib/store";

const defs: AttributeDef[] = [
  { code: "poles", type: "number", label: "Số cột" },
  { code: "owner", type: "select", required: true, label: "Loại", options: [{ key: "pho", name: "Phố" }] },
  { code: "live", type: "bool", label: "Dây hở" },
];
const words = { place: "P", category: "C", description: "D", attribute: "A", tooLong: "L" };
const now = new Date("2026-11-22T08:00:00Z");

describe("draft", () => {
  it("is read back after a reload, and forgotten when sent", () => {
    const store = memoryStore();
    saveDraft(store, "report", { ...emptyDraft(), description: "Đèn hỏng", photoIds: ["p1"] });
    expect(loadDraft(store, "report")).toMatchObject({ description: "Đèn hỏng", photoIds: ["p1"] });
    expect(loadDraft(store, "sos").description).toBe("");
    saveDraft(store, "report", null);
    expect(loadDraft(store, "report")).toEqual(emptyDraft());
  });

  it("survives a store that refuses or holds rubbish", () => {
    const refusing = { ...memoryStore(), setItem: () => { throw new Error("full"); } };
    expect(saveDraft(refusing, "report", emptyDraft())).toBe(false);
    const rubbish = memoryStore();
    rubbish.setItem("ht.draft.report", "{not json");
    expect(loadDraft(rubbish, "report")).toEqual(emptyDraft());
  });

  it.each([["16,46", 16.46], [" 107.5 ", 107.5], ["", undefined], ["abc", undefined], ["-1", -1]])("reads the number %j", (text, value) => {
    expect(typedNumber(text)).toBe(value);
  });

  it.each([
    [{ placeMode: "gps" as const, gps: null }, undefined],
    [{ placeMode: "gps" as const, gps: { lat: 16.4, lon: 107.6, accuracy_m: 12 } }, { lat: 16.4, lon: 107.6, accuracy_m: 12, source: "gps" }],
    [{ placeMode: "pin" as const, lat: "16,4", lon: "107.6" }, { lat: 16.4, lon: 107.6, source: "pin" }],
    [{ placeMode: "pin" as const, lat: "16,4", lon: "" }, undefined],
    [{ placeMode: "area" as const, area: "7" }, { area_id: 7 }],
    [{ placeMode: "area" as const, area: '"90001"' }, { area_id: "90001" }],
    [{ placeMode: "words" as const, words: " cạnh chợ " }, { words: "cạnh chợ" }],
  ])("gives the place of %j", (part, place) => {
    expect(placeOf({ ...emptyDraft(), ...part })).toEqual(place);
  });

  it("sends attributes as strings, and only those of the category", () => {
    const draft = { ...emptyDraft(), category: "den-duong", description: " Đèn hỏng ", attributes: { poles: "2,5", owner: "pho", live: "true", other: "x" } };
    expect(submissionOf("report", draft, defs, "vi", now)).toEqual({
      category: "den-duong", description: "Đèn hỏng", observed_at: "2026-11-22T08:00:00.000Z", language: "vi", channel: "web",
      attributes: { poles: "2.5", owner: "pho", live: "true" },
    });
  });

  it("sends a call for help without a category, with the number to call back", () => {
    const draft = { ...emptyDraft(), description: "Nước lên", phone: "0905123456", people: "4", water: "waist" };
    const sent = submissionOf("sos", draft, [], "vi", now);
    expect(sent).toMatchObject({ urgent: true, sos: { people: 4, water_level: "waist", callback: "0905123456" }, reporter: { phone: "0905123456" } });
    expect(sent).not.toHaveProperty("category");
  });

  it("names what is missing before anything is sent", () => {
    const lacks = (slot: "report" | "sos", part: object, limit = 100) => missing(slot, { ...emptyDraft(), ...part }, defs, limit, words).map((e) => e.location);
    expect(lacks("report", {})).toEqual(["body.location", "body.category", "body.attributes.owner", "body.description"]);
    expect(lacks("sos", { description: "Cứu" })).toEqual([]);
    expect(lacks("sos", { description: "Cứu với" }, 3)).toEqual(["body.description"]);
  });
});
