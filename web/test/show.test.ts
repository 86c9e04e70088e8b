// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Category, Deadline } from "../src/api/types";
import { findCategory, groupCategories } from "../src/lib/categories";
import { formatTime, hoursLeft } from "../src/lib/format";
import { screenOf } from "../src/lib/route";
import { nextDeadline } from "../src/ui/Due";

describe("categories", () => {
  const leaf = (code: string, group?: Category["group"]): Category => ({ code, name: code.toUpperCase(), ...(group ? { group } : {}) });

  it("are grouped as a tree or flat", () => {
    const tree: Category[] = [{ code: "den", name: "Đèn", children: [leaf("a"), { code: "sub", name: "S", children: [leaf("b")] }] }];
    expect(groupCategories(tree).map((g) => [g.code, g.categories.map((c) => c.code)])).toEqual([["den", ["a", "b"]]]);
    const flat = [leaf("a", "den"), leaf("b", { code: "rac", name: "Rác" }), leaf("c", "den"), leaf("d")];
    expect(groupCategories(flat).map((g) => [g.code, g.name, g.categories.length])).toEqual([["den", "den", 2], ["rac", "Rác", 1], ["d", "D", 1]]);
    expect(findCategory(tree, "b")?.code).toBe("b");
    expect(findCategory(tree, "den")).toBeUndefined();
  });
});

describe("time", () => {
  const deadline = (part: Partial<Deadline>): Deadline => ({ kind: "k", due_at: "2026-11-22T08:00:00Z", ...part });

  it.each([
    [{ remaining_working_s: 7.5 * 3600 }, { hours: 7, minutes: 450, wall: false }],
    [{ remaining_working_s: -3600 }, { hours: -1, minutes: -60, wall: false }],
    [{ remaining_working_s: null, wall_s: 3600 }, { hours: 1, minutes: 60, wall: true }],
    [{ remaining_working_s: 10, met: true }, null],
    [{ remaining_working_s: 10, paused: true }, null],
    [{}, null],
  ])("left of %j", (part, left) => {
    expect(hoursLeft(deadline(part))).toEqual(left);
  });

  it("shows the deadline that ends first of those running", () => {
    const list = [deadline({ due_at: "2026-12-01T00:00:00Z", remaining_working_s: 9 }), deadline({ due_at: "2026-11-25T00:00:00Z", remaining_working_s: 5 }), deadline({ met: true, remaining_working_s: 1 })];
    expect(nextDeadline(list)?.due_at).toBe("2026-11-25T00:00:00Z");
    expect(nextDeadline(undefined)).toBeUndefined();
  });

  it("is told in the city's zone", () => {
    expect(formatTime("2026-11-22T18:30:00Z", "en")).toContain("01:30");
    expect(formatTime("rubbish", "vi")).toBe("");
  });
});

describe("screens", () => {
  it.each([["", ["home", ""]], ["#/report/a%20b", ["report", "a b"]], ["#/mine", ["mine", ""]], ["#/report/%E0%A4%A", ["report", "%E0%A4%A"]]])("%j", (hash, screen) => {
    expect(screenOf(hash)).toEqual(screen);
  });
});
