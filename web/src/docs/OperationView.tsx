// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { useSpeech } from "../i18n/context";
import { contentOf, curlOf, propertiesOf, resolve, typeName, type Body, type Document, type Operation, type Parameter, type Schema } from "./openapi";

/** One call: closed to a line, open to all there is to know about it. */
export function OperationView({ document, operation }: { document: Document; operation: Operation }) {
  const { t } = useSpeech();
  const [opened, setOpened] = useState(false);
  const { method, path, summary, description, deprecated } = operation;
  return (
    <details className="operation" id={operation.id} onToggle={(e) => setOpened(e.currentTarget.open)}>
      <summary>
        <span className={`method method-${method.toLowerCase()}`}>{method}</span> <code>{path}</code>
        {deprecated && <span className="quiet"> {t("docs.deprecated")}</span>}
        {summary && <span className="summary">{summary}</span>}
      </summary>
      {opened && (
        <div className="operation-body">
          {description && description !== summary && <p className="prose">{description}</p>}
          <Parameters document={document} parameters={operation.parameters} />
          {operation.requestBody && <BodyView title={t("docs.body")} document={document} body={resolve(document, operation.requestBody)} />}
          {Object.entries(operation.responses ?? {}).map(([status, body]) => (
            <BodyView key={status} title={`${t("docs.responses")} ${status}`} document={document} body={resolve(document, body)} />
          ))}
          <Copyable title={t("docs.curl")} text={curlOf(document, operation, window.location.origin)} />
        </div>
      )}
    </details>
  );
}

function Parameters({ document, parameters }: { document: Document; parameters: readonly Parameter[] }) {
  const { t } = useSpeech();
  if (parameters.length === 0) return null;
  return (
    <>
      <h3>{t("docs.parameters")}</h3>
      <dl className="properties">
        {parameters.map((p) => (
          <Property key={`${p.in} ${p.name}`} document={document} name={p.name} where={p.in} required={p.required ?? false} schema={p.schema ?? {}} words={p.description} />
        ))}
      </dl>
    </>
  );
}

function BodyView({ title, document, body }: { title: string; document: Document; body: Body }) {
  const { t } = useSpeech();
  const content = contentOf(document, body);
  return (
    <>
      <h3>
        {title} <span className="quiet">{[body.description, ...Object.keys(body.content ?? {})].filter(Boolean).join(" · ")}</span>
      </h3>
      {content && (
        <>
          <SchemaView document={document} schema={content.schema} seen={[]} />
          <Copyable title={t("docs.example")} text={JSON.stringify(content.example, null, 2)} />
        </>
      )}
    </>
  );
}

/** The properties of a schema, with those inside them folded away. */
function SchemaView({ document, schema, seen }: { document: Document; schema: Schema; seen: readonly string[] }) {
  const direct = resolve(document, schema);
  const isArray = [direct.type ?? []].flat().includes("array");
  const element = isArray ? (direct.items ?? {}) : schema;
  const properties = propertiesOf(document, element);
  const inside = element.$ref ? [...seen, element.$ref] : seen;
  if (properties.length === 0 || (element.$ref && seen.includes(element.$ref))) return null;
  return (
    <dl className="properties">
      {properties.map((p) => (
        <Property key={p.name} document={document} name={p.name} required={p.required} schema={p.schema} nested={inside} />
      ))}
    </dl>
  );
}

interface PropertyProps {
  document: Document;
  name: string;
  required: boolean;
  schema: Schema;
  where?: string;
  words?: string | undefined;
  nested?: readonly string[];
}

function Property({ document, name, required, schema, where, words, nested }: PropertyProps) {
  const { t } = useSpeech();
  const s = resolve(document, schema);
  const element = s.items ?? schema;
  const ref = element.$ref ?? "";
  const deeper = nested && propertiesOf(document, element).length > 0 && !nested.includes(ref);
  const limits = limitsOf(s, t("docs.length"));
  return (
    <div>
      <dt>
        <code>{name}</code> <span className="quiet">{[where, typeName(document, schema), required ? t("docs.required") : ""].filter(Boolean).join(" · ")}</span>
      </dt>
      <dd>
        {(words ?? s.description) && <p>{words ?? s.description}</p>}
        {limits && <p className="quiet">{limits}</p>}
        {deeper && (
          <details>
            <summary>{t("docs.schema")}</summary>
            <SchemaView document={document} schema={schema} seen={nested} />
          </details>
        )}
      </dd>
    </div>
  );
}

function limitsOf(s: Schema, length: string): string {
  const range = (low: number | undefined, high: number | undefined, of = "") => [low === undefined ? "" : `${of}≥ ${low}`, high === undefined ? "" : `${of}≤ ${high}`].filter(Boolean).join(", ");
  return [s.enum?.map((v) => JSON.stringify(v)).join(" | "), range(s.minimum, s.maximum), range(s.minLength, s.maxLength, `${length} `), s.pattern].filter(Boolean).join(" · ");
}

function Copyable({ title, text }: { title: string; text: string }) {
  const { t } = useSpeech();
  const [copied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true), () => setCopied(false));
  return (
    <figure>
      <figcaption className="row">
        <span>{title}</span>
        {"clipboard" in navigator && (
          <button type="button" className="button-quiet" onClick={copy} aria-label={`${t("docs.copy")}: ${title}`}>
            <span role="status">{t(copied ? "docs.copied" : "docs.copy")}</span>
          </button>
        )}
      </figcaption>
      <pre tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </figure>
  );
}
