// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState, type RefObject } from "react";
import { firstWrong, localProblem, placeProblem, type Placed } from "../../api/problem";
import type { AttributeDef, Problem } from "../../api/types";
import { useSpeech } from "../../i18n/context";
import { missing, submissionOf, type Slot } from "../../lib/draft";
import type { Entry } from "../../lib/outbox";
import { focusField } from "../../ui/Field";
import { usePhone } from "./context";
import { useDraft, useEntry, type DraftState } from "./useDraft";

/** A form that is kept, checked, sent once and shown its faults. */
export interface Submitting extends DraftState {
  entry: Entry | null;
  problem: Problem | undefined;
  placed: Placed;
  form: RefObject<HTMLFormElement | null>;
  submit: () => void;
  /** Takes back what was not accepted, to write on. */
  edit: () => void;
}

/** Joins a slot's draft, its outbox and its faults. `fields` are the form's, in the order they are shown. */
export function useSubmit(slot: Slot, defs: readonly AttributeDef[], fields: readonly string[]): Submitting {
  const { t, lang } = useSpeech();
  const { outbox, config } = usePhone();
  const state = useDraft(slot);
  const entry = useEntry(slot);
  const [asked, setAsked] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const words = {
    place: t("missing.place"), category: t("missing.category"), description: t("missing.description"),
    attribute: t("missing.attribute"), tooLong: t("missing.tooLong"),
  };
  const lacks = missing(slot, state.draft, defs, config.data?.limits.description ?? 5000, words);
  const local = asked > 0 && lacks.length > 0 ? localProblem(lacks, t("report.problem")) : undefined;
  const problem = entry?.status === "refused" ? entry.problem : local;
  const placed = placeProblem(problem, fields);
  const wrong = firstWrong(placed, fields);
  const refused = entry?.status === "refused";
  useEffect(() => {
    if (wrong !== undefined && (asked > 0 || refused)) focusField(form.current, wrong);
    // Only a new try moves the focus: typing must not.
  }, [asked, refused]);
  const { discard } = state;
  useEffect(() => {
    if (entry?.status !== "sent") return;
    discard(false);
    setAsked(0);
  }, [entry?.status, discard]);
  const submit = () => {
    setAsked((n) => n + 1);
    outbox[slot].clear();
    if (lacks.length === 0) void outbox[slot].send(submissionOf(slot, state.draft, defs, lang, new Date()), state.draft.photoIds);
  };
  return { ...state, entry, problem, placed, form, submit, edit: () => outbox[slot].clear() };
}
