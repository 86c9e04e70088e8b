// SPDX-License-Identifier: Apache-2.0
import type { FieldProblem, Problem } from "./types";

/** The server answered, and said no. */
export class ApiError extends Error {
  constructor(
    readonly problem: Problem,
    /** Seconds the server asked us to wait, 0 without a wish. */
    readonly retryAfter = 0,
  ) {
    super(problem.code);
    this.name = "ApiError";
  }
}

/** Nobody answered: whether the request arrived is not known. */
export class NetworkError extends Error {
  constructor() {
    super("network");
    this.name = "NetworkError";
  }
}

/** Reads an answer that is not a success. A body that is no problem document gives the code `http_STATUS`. */
export async function problemOf(response: Response): Promise<ApiError> {
  const retryAfter = retryAfterSeconds(response.headers.get("Retry-After"), Date.now());
  const fallback: Problem = { title: "", status: response.status, code: `http_${response.status}` };
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    return new ApiError(fallback, retryAfter);
  }
  if (typeof body !== "object" || body === null) return new ApiError(fallback, retryAfter);
  return new ApiError({ ...fallback, ...(body as Partial<Problem>) }, retryAfter);
}

/** Seconds of a Retry-After header, which is a number of seconds or an HTTP date; 0 when there is none. */
export function retryAfterSeconds(header: string | null, nowMs: number): number {
  if (!header) return 0;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, Math.ceil((at - nowMs) / 1000));
}

/** A location such as `body.photos[0]` or `body.report.location.lat` as the path of a form field: `photos.0`, `location.lat`. */
export function fieldPath(location: string): string {
  return location
    .replace(/\[(\d+)\]/g, ".$1")
    .replace(/^body\.?/, "")
    .replace(/^report\./, "");
}

/** What is wrong, by field, and what belongs to no field of the form. */
export interface Placed {
  at: Record<string, string>;
  rest: string[];
}

/**
 * Puts each error at the field of the form it is about: the field of that path, else the
 * nearest one above it. Two errors of one field are joined.
 */
export function placeProblem(problem: Problem | undefined, fields: readonly string[]): Placed {
  const placed: Placed = { at: {}, rest: [] };
  for (const error of problem?.errors ?? []) {
    const field = nearestField(fieldPath(error.location), fields);
    const text = error.message || error.code;
    if (field === undefined) placed.rest.push(text);
    else placed.at[field] = placed.at[field] ? `${placed.at[field]} ${text}` : text;
  }
  return placed;
}

function nearestField(path: string, fields: readonly string[]): string | undefined {
  for (let p = path; p !== ""; p = p.includes(".") ? p.slice(0, p.lastIndexOf(".")) : "") {
    if (fields.includes(p)) return p;
  }
  return undefined;
}

/** The fields of the form that have an error, in the form's order. */
export function firstWrong(placed: Placed, fields: readonly string[]): string | undefined {
  return fields.find((field) => placed.at[field] !== undefined);
}

/** A problem found before anything was sent. */
export function localProblem(errors: FieldProblem[], title: string): Problem {
  return { title, status: 0, code: errors[0]?.code ?? "validation", errors };
}
