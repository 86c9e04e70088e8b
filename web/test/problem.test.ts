// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { fieldPath, firstWrong, placeProblem, problemOf, retryAfterSeconds } from "../src/api/problem";
import type { Problem } from "../src/api/types";
import { answer } from "./store";

const fields = ["photos", "location", "location.lat", "attributes.owner", "reporter.phone"];

describe("problems", () => {
  it.each([
    ["body.location.lat", "location.lat"], ["body.report.reporter.phone", "reporter.phone"], ["body.photos[2]", "photos.2"],
    ["body", ""], ["header.If-Match", "header.If-Match"],
  ])("reads the location %s", (location, path) => {
    expect(fieldPath(location)).toBe(path);
  });

  it("are shown at their field, the nearest one above it, or the form", () => {
    const errors = ["body.location.lat", "body.location.lon", "body.photos[1]", "body.attributes.owner", "query.x"].map((location) => ({ location, code: "c", message: location }));
    const problem: Problem = { title: "", status: 422, code: "validation", errors: [...errors, { location: "body.photos[2]", code: "photo_too_large", message: "" }] };
    const placed = placeProblem(problem, fields);
    expect(placed.at).toEqual({
      "location.lat": "body.location.lat", location: "body.location.lon", photos: "body.photos[1] photo_too_large", "attributes.owner": "body.attributes.owner",
    });
    expect(placed.rest).toEqual(["query.x"]);
    expect(firstWrong(placed, fields)).toBe("photos");
    expect(placeProblem(undefined, fields)).toEqual({ at: {}, rest: [] });
  });

  it("are read from an answer, whatever it holds", async () => {
    const good = await problemOf(answer(429, { title: "Chậm lại", status: 429, code: "rate_limited" }, { "Retry-After": "7" }));
    expect(good).toMatchObject({ retryAfter: 7, problem: { code: "rate_limited", title: "Chậm lại" } });
    expect((await problemOf(new Response("<html>", { status: 502 }))).problem).toMatchObject({ status: 502, code: "http_502" });
    expect((await problemOf(answer(500, null))).problem.code).toBe("http_500");
  });

  it.each([[null, 0], ["5", 5], ["-1", 0], ["Sun, 22 Nov 2026 08:00:10 GMT", 10], ["soon", 0]])("reads Retry-After %j", (header, seconds) => {
    expect(retryAfterSeconds(header, Date.parse("2026-11-22T08:00:00Z"))).toBe(seconds);
  });
});
