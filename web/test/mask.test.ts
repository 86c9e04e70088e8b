// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { masked, pieces } from "../src/lib/mask";

describe("marks", () => {
  const text = "Gọi 0905123456 hoặc a@b.vn nhé";
  const marks = [{ start: 20, end: 26, kind: "email" }, { start: 4, end: 14, kind: "phone" }];

  it("are cut out in order, and nothing is lost", () => {
    const cut = pieces({ text, marks });
    expect(cut.map((p) => p.text).join("")).toBe(text);
    expect(cut.filter((p) => p.kind !== "")).toEqual([{ text: "0905123456", kind: "phone" }, { text: "a@b.vn", kind: "email" }]);
  });
  it("are replaced for the public", () => expect(masked({ text, marks })).toBe("Gọi … hoặc … nhé"));
  it("that overlap count once", () => expect(masked({ text, marks: [...marks, { start: 6, end: 9, kind: "id_number" }] })).toBe("Gọi … hoặc … nhé"));
  it("without any leave nothing to propose", () => expect([masked({ text, marks: [] }), masked({ text }), masked(undefined)]).toEqual(["", "", ""]));
});
