// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { NetworkError, problemOf } from "../api/problem";
import { LangContext, useSpeech } from "../i18n/context";
import { textOf } from "../i18n/text";
import { useLoad } from "../lib/load";
import { TopBar } from "../ui/TopBar";
import { Loading, Trouble } from "../ui/Trouble";
import { useSettings } from "../ui/useSettings";
import { filtered, groupsOf, type Document, type Group } from "./openapi";
import { OperationView } from "./OperationView";

/** The API reference, made from the program's own OpenAPI document. */
export function Docs() {
  const [settings, change] = useSettings();
  const document = useLoad(readDocument, []);
  return (
    <LangContext value={settings.lang}>
      <TopBar settings={settings} change={change}>
        <span className="quiet">API</span>
      </TopBar>
      <main id="content" tabIndex={-1}>
        <h1>{textOf(settings.lang, "docs.title")}</h1>
        <Trouble error={document.error} retry={document.reload} />
        {document.loading && !document.data && <Loading />}
        {document.data && <Reference document={document.data} />}
      </main>
    </LangContext>
  );
}

async function readDocument(): Promise<Document> {
  const response = await fetch("/openapi.json").catch(() => {
    throw new NetworkError();
  });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Document;
}

function Reference({ document }: { document: Document }) {
  const { t } = useSpeech();
  const [filter, setFilter] = useState("");
  const all = groupsOf(document, t("docs.other"));
  const groups = filtered(all, filter);
  return (
    <>
      <p>
        <strong>{document.info.title}</strong> {document.info.version}
      </p>
      {document.info.description && <p className="prose">{document.info.description}</p>}
      <p className="quiet">
        {t("docs.intro")} <a href="/openapi.json">/openapi.json</a>
      </p>
      <div className="reference">
        <Contents groups={groups} />
        <div>
          <label className="field">
            <strong>{t("docs.search")}</strong>
            <input type="search" value={filter} onChange={(e) => setFilter(e.target.value)} />
          </label>
          {groups.length === 0 && <p role="status">{t("docs.none")}</p>}
          {groups.map((group) => (
            <section key={group.name} id={anchor(group)} tabIndex={-1}>
              <h2>{group.name}</h2>
              {group.description && <p>{group.description}</p>}
              {group.operations.map((operation) => (
                <OperationView key={operation.id} document={document} operation={operation} />
              ))}
            </section>
          ))}
        </div>
      </div>
    </>
  );
}

function Contents({ groups }: { groups: readonly Group[] }) {
  const { t } = useSpeech();
  return (
    <nav aria-label={t("docs.contents")}>
      <h2>{t("docs.contents")}</h2>
      <ul className="plain">
        {groups.map((group) => (
          <li key={group.name}>
            <a href={`#${anchor(group)}`}>
              {group.name} <span className="quiet">{group.operations.length}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function anchor(group: Group): string {
  return `tag-${encodeURIComponent(group.name)}`;
}
