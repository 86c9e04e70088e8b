// SPDX-License-Identifier: Apache-2.0
import type { Demand, FieldProblem, Option } from "../api/types";

/** The control that asks for a demand. */
export type Control = "text" | "line" | "choice" | "proof" | "rating" | "when" | "unit" | "units" | "category";

/** What was filled in for an action, by field of the request. */
export type Answers = Record<string, unknown>;

const controls: Record<string, Control> = {
  photo_ids: "proof", rating: "rating", until: "when", unit: "unit", support_units: "units", category: "category",
  text: "text", redacted_text: "text",
};

/** Chooses the control: what the field is known for, else a choice where there are options, else a line. */
export function controlOf(demand: Demand): Control {
  const known = controls[demand.field];
  const choice = optionsOf(demand).length > 0;
  if (choice && (known === undefined || known === "unit" || known === "category")) return "choice";
  return known ?? "line";
}

/** The options of a demand with a key and a name each; a bare word names itself. */
export function optionsOf(demand: Demand): Option[] {
  return (demand.options ?? []).map((option) => {
    if (typeof option === "string") return { key: option, name: option };
    const key = option.key ?? option.code ?? "";
    return { key, name: option.name ?? option.label ?? key };
  });
}

/** True when a demand for proof can be met by a document's number as well as by a photo. */
export function takesDocument(demand: Demand): boolean {
  const options = optionsOf(demand);
  return options.length === 0 || options.some((option) => option.key === "document");
}

/** Words for what an action still lacks. */
export interface DemandWords {
  required: string;
  tooShort: (min: number) => string;
}

/**
 * What is plainly missing before an action is sent. Proof is left to the server, for
 * whether it is needed hangs on the outcome.
 */
export function unmet(demands: readonly Demand[], answers: Answers, words: DemandWords): FieldProblem[] {
  const out: FieldProblem[] = [];
  for (const demand of demands) {
    const value = answers[demand.field];
    const location = `body.${demand.field}`;
    if (isEmpty(value)) {
      if (demand.required && controlOf(demand) !== "proof") out.push({ location, code: "demand_missing", message: words.required });
    } else if (typeof value === "string" && demand.min_length && [...value.trim()].length < demand.min_length) {
      out.push({ location, code: "too_short", message: words.tooShort(demand.min_length) });
    }
  }
  return out;
}

/** The fields of the request that these demands can fill, in the form's order. */
export function fieldsOf(demands: readonly Demand[]): string[] {
  return demands.flatMap((demand) => (controlOf(demand) === "proof" ? [demand.field, "document"] : [demand.field]));
}

/** The body of an action: what was filled in and nothing else. */
export function actionBody(demands: readonly Demand[], answers: Answers, taskId: string | null | undefined): Answers {
  const body: Answers = taskId ? { task_id: taskId } : {};
  for (const field of fieldsOf(demands)) {
    const value = answers[field];
    if (!isEmpty(value)) body[field] = typeof value === "string" ? value.trim() : value;
  }
  return body;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  if (typeof value === "string") return value.trim() === "";
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && !(value as { level?: string }).level;
}
