// SPDX-License-Identifier: Apache-2.0
import type { OriginalText } from "../api/types";

/** A piece of a text; `kind` says what personal data it is, empty for all else. */
export interface Piece {
  text: string;
  kind: string;
}

/** The text cut at its marks, in order. A mark that overlaps the one before it is left out. */
export function pieces({ text, marks = [] }: OriginalText): Piece[] {
  const out: Piece[] = [];
  let done = 0;
  for (const mark of [...marks].sort((a, b) => a.start - b.start)) {
    if (mark.start < done) continue;
    if (mark.start > done) out.push({ text: text.slice(done, mark.start), kind: "" });
    out.push({ text: text.slice(mark.start, mark.end), kind: mark.kind });
    done = mark.end;
  }
  if (done < text.length) out.push({ text: text.slice(done), kind: "" });
  return out;
}

/** The text with an ellipsis for each mark; empty when nothing has to be taken out. */
export function masked(original: OriginalText | undefined): string {
  if (!original || (original.marks ?? []).length === 0) return "";
  return pieces(original).map((p) => (p.kind === "" ? p.text : "…")).join("");
}
