// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import type { AttributeDef } from "../../api/types";
import { useSpeech } from "../../i18n/context";
import { findCategory, groupCategories } from "../../lib/categories";
import { attributeKind, type Draft } from "../../lib/draft";
import { Field, FieldError } from "../../ui/Field";
import { CategoryIcon } from "../../ui/Icon";
import { Loading, Trouble } from "../../ui/Trouble";
import { usePhone } from "./context";

interface Props {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  errors: Record<string, string>;
}

/** What it is: a group's tile, then a category's, then the questions that category asks. */
export function CategoryPicker({ draft, change, errors }: Props) {
  const { t } = useSpeech();
  const { categories } = usePhone();
  const groups = groupCategories(categories.data ?? []);
  const chosen = findCategory(categories.data ?? [], draft.category);
  const [opened, setOpened] = useState("");
  const group = groups.find((g) => g.code === opened) ?? groups.find((g) => g.categories.some((c) => c.code === draft.category));
  const tiles = group ? group.categories : [];
  return (
    <section aria-labelledby="what-title">
      <h2 id="what-title">{t("report.what")}</h2>
      {!categories.data && (categories.error ? <Trouble error={categories.error} retry={categories.reload} /> : <Loading />)}
      {!group && (
        <div className="tiles" role="group" aria-label={t("report.whatGroup")}>
          {groups.map((g, i) => (
            <button key={g.code} type="button" className="tile" data-field={i === 0 ? "category" : undefined} onClick={() => setOpened(g.code)}>
              <CategoryIcon icon={g.icon} code={g.code} />
              <span>{g.name}</span>
            </button>
          ))}
        </div>
      )}
      {group && (
        <>
          <div className="row">
            <h3>{group.name}</h3>
            <button type="button" className="button-quiet" onClick={() => { setOpened(""); change({ category: "", attributes: {} }); }}>
              {t("report.changeGroup")}
            </button>
          </div>
          <div className="tiles" role="radiogroup" aria-label={group.name}>
            {tiles.map((category, i) => category.icon === "sos" ? (
              <a key={category.code} className="tile tile-sos" href="#/sos">
                <CategoryIcon icon={category.icon} code={category.code} />
                <span>{category.name}</span>
              </a>
            ) : (
              <label key={category.code} className="tile">
                <input type="radio" name="category" checked={draft.category === category.code} data-field={i === 0 ? "category" : undefined} onChange={() => change({ category: category.code, attributes: {} })} />
                <CategoryIcon icon={category.icon} code={category.code} />
                <span>{category.name}</span>
              </label>
            ))}
          </div>
        </>
      )}
      {errors.category && <FieldError text={errors.category} />}
      {chosen?.attributes?.map((def) => (
        <AttributeField key={def.code} def={def} value={draft.attributes[def.code] ?? ""} error={errors[`attributes.${def.code}`]} change={(value) => change({ attributes: { ...draft.attributes, [def.code]: value } })} />
      ))}
    </section>
  );
}

/** One question of a category. */
function AttributeField({ def, value, error, change }: { def: AttributeDef; value: string; error: string | undefined; change: (value: string) => void }) {
  const { t } = useSpeech();
  const kind = attributeKind(def);
  if (kind === "bool") {
    return (
      <div className="field">
        <label className="check">
          <input type="checkbox" checked={value === "true"} data-field={`attributes.${def.code}`} onChange={(e) => change(e.target.checked ? "true" : "false")} /> {def.label}
        </label>
        {def.help && <p className="help">{def.help}</p>}
        {error && <FieldError text={error} />}
      </div>
    );
  }
  return (
    <Field field={`attributes.${def.code}`} label={def.label} help={def.help} error={error} optional={!def.required}>
      {(p) =>
        kind === "select" ? (
          <select {...p} value={value} onChange={(e) => change(e.target.value)}>
            <option value="">{t("common.choose")}</option>
            {def.options?.map((option) => (
              <option key={option.key} value={option.key}>
                {option.name}
              </option>
            ))}
          </select>
        ) : (
          <input {...p} inputMode={kind === "number" ? "decimal" : "text"} autoComplete="off" value={value} onChange={(e) => change(e.target.value)} />
        )
      }
    </Field>
  );
}
