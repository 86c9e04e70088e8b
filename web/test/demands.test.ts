// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Demand } from "../src/api/types";
import { actionBody, controlOf, fieldsOf, optionsOf, takesDocument, unmet } from "../src/lib/demands";

const resolveDemands: Demand[] = [
  { field: "text", type: "answer", required: true, min_length: 10 },
  { field: "outcome", type: "outcome", required: true, options: ["fixed", "planned"] },
  { field: "photo_ids", type: "proof", required: true, options: ["after_photo", "document"] },
];
const words = { required: "R", tooShort: (min: number) => `S${min}` };

describe("a form from demands", () => {
  it.each<[Demand, string]>([
    [{ field: "text", type: "answer" }, "text"],
    [{ field: "outcome", type: "outcome", options: ["fixed"] }, "choice"],
    [{ field: "reason_code", type: "reason", options: [{ code: "a", label: "A" }] }, "choice"],
    [{ field: "reason_code", type: "reason" }, "line"],
    [{ field: "photo_ids", type: "proof", options: ["document"] }, "proof"],
    [{ field: "rating", type: "rating", options: ["satisfied"] }, "rating"],
    [{ field: "until", type: "until" }, "when"],
    [{ field: "unit", type: "unit" }, "unit"],
    [{ field: "unit", type: "unit", options: ["a"] }, "choice"],
    [{ field: "support_units", type: "support_units", options: ["a"] }, "units"],
    [{ field: "category", type: "category" }, "category"],
    [{ field: "never_heard_of", type: "?" }, "line"],
  ])("asks for %j by %s", (demand, control) => {
    expect(controlOf(demand)).toBe(control);
  });

  it("names options however they come", () => {
    expect(optionsOf({ field: "f", type: "t", options: ["a", { key: "b", name: "B" }, { code: "c", label: "C" }] })).toEqual([
      { key: "a", name: "a" }, { key: "b", name: "B" }, { key: "c", name: "C" },
    ]);
  });

  it("lets a document stand for a photo only where it may", () => {
    expect(takesDocument(resolveDemands[2]!)).toBe(true);
    expect(takesDocument({ field: "photo_ids", type: "proof", options: ["after_photo"] })).toBe(false);
    expect(fieldsOf(resolveDemands)).toEqual(["text", "outcome", "photo_ids", "document"]);
  });

  it("names what is unmet, and leaves proof to the server", () => {
    expect(unmet(resolveDemands, {}, words).map((e) => e.location)).toEqual(["body.text", "body.outcome"]);
    expect(unmet(resolveDemands, { text: "ngắn", outcome: "fixed" }, words)).toEqual([{ location: "body.text", code: "too_short", message: "S10" }]);
    expect(unmet([{ field: "rating", type: "rating", required: true }], { rating: { comment: "x" } }, words)).toHaveLength(1);
    expect(unmet([{ field: "text", type: "note" }], {}, words)).toEqual([]);
  });

  it("sends what was filled in and nothing else", () => {
    const answers = { text: "  Đã thay bóng đèn ", outcome: "fixed", photo_ids: [], document: "12/CV", stray: "x" };
    expect(actionBody(resolveDemands, answers, "t1")).toEqual({ task_id: "t1", text: "Đã thay bóng đèn", outcome: "fixed", document: "12/CV" });
    expect(actionBody([], {}, null)).toEqual({});
  });
});
