// SPDX-License-Identifier: Apache-2.0
import { useId, type ReactNode } from "react";
import { useSpeech } from "../i18n/context";

/** What a control needs so that its label, help and error are read with it. */
export interface ControlProps {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
  "data-field": string;
}

interface Props {
  /** The field's path in the request, by which errors find it. */
  field: string;
  label: ReactNode;
  help?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
  /** The label is the title of its part of the form. */
  title?: boolean;
  children: (props: ControlProps) => ReactNode;
}

/** One labelled control with its help and its error. */
export function Field({ field, label, help, error, optional, title, children }: Props) {
  const { t } = useSpeech();
  const id = useId();
  const described = [help ? `${id}-help` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div className={["field", error ? "field-wrong" : "", title ? "field-title" : ""].join(" ").trim()}>
      <label htmlFor={id}>
        {label}
        {optional && <span className="quiet"> ({t("common.optional")})</span>}
      </label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined, "data-field": field })}
      {help && (
        <p className="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {error && <FieldError id={`${id}-error`} text={error} />}
    </div>
  );
}

/** An error under its field. */
export function FieldError({ id, text }: { id?: string; text: string }) {
  return (
    <p className="error" id={id}>
      <span aria-hidden="true">▲ </span>
      {text}
    </p>
  );
}

/** Moves to the control of a field, so that an error is met and not hunted for. */
export function focusField(root: HTMLElement | null, field: string): void {
  const found = root?.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`);
  if (!found) return;
  found.focus();
  found.scrollIntoView({ block: "center" });
}
