// SPDX-License-Identifier: Apache-2.0
import { useId, useMemo, useState } from "react";
import { useSpeech } from "../i18n/context";
import { box, layOut, parseDiagram, type Diagram } from "./mermaid";

interface Props {
  /** Mermaid text of a state diagram. */
  text: string;
  label: string;
  /** The phase of each state, by which it is coloured. */
  phases: ReadonlyMap<string, string>;
}

/** A workflow as a picture, and as the list that says the same. Choosing a state shows what leads from and to it. */
export function Graph({ text, label, phases }: Props) {
  const { t } = useSpeech();
  const diagram = useMemo(() => parseDiagram(text), [text]);
  const picture = useMemo(() => layOut(diagram), [diagram]);
  const [chosen, setChosen] = useState("");
  const arrow = useId();
  const ends = new Set(diagram.ends);
  const touches = (e: { from: string; to: string }) => e.from === chosen || e.to === chosen;
  return (
    <figure className="graph">
      <figcaption className="quiet">{t("console.graphHelp")}</figcaption>
      <div className="scroll" role="group" tabIndex={0} aria-label={label}>
        <svg viewBox={`0 0 ${picture.width} ${picture.height}`} width={picture.width} height={picture.height} aria-hidden="true" className={chosen ? "graph-chosen" : ""}>
          <defs>
            <marker id={arrow} viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="context-stroke" /></marker>
          </defs>
          {picture.edges.map((e) => (
            <path key={`${e.from} ${e.to}`} className={["way", e.back ? "way-back" : "", ends.has(e.to) ? "way-end" : "", touches(e) ? "way-on" : ""].join(" ")} d={e.path} markerEnd={`url(#${arrow})`}>
              <title>{e.labels.join(", ")}</title>
            </path>
          ))}
          {picture.nodes.map((n) => (
            <g key={n.id} className={`state state-${phases.get(n.id) ?? "none"} ${n.id === chosen ? "state-on" : ""}`} transform={`translate(${n.x - box.width / 2} ${n.y - box.height / 2})`} onClick={() => setChosen(n.id === chosen ? "" : n.id)}>
              <rect width={box.width} height={box.height} rx={n.end ? box.height / 2 : 10} />
              <foreignObject width={box.width} height={box.height}><div className="state-label">{n.label}</div></foreignObject>
            </g>
          ))}
        </svg>
      </div>
      <label className="filter graph-pick">
        <span>{t("console.stepsOf")}</span>
        <select value={chosen} onChange={(e) => setChosen(e.target.value)}>
          <option value="">{t("console.allStates")}</option>
          {diagram.nodes.map((n) => <option key={n.id} value={n.id}>{n.label}</option>)}
        </select>
      </label>
      <Ways diagram={diagram} chosen={chosen} />
    </figure>
  );
}

function Ways({ diagram, chosen }: { diagram: Diagram; chosen: string }) {
  const { t } = useSpeech();
  const name = (id: string) => diagram.nodes.find((n) => n.id === id)?.label ?? id;
  const ways = diagram.edges.filter((e) => chosen === "" || e.from === chosen || e.to === chosen);
  const list = (
    <ul className="ways">
      {ways.map((e) => <li key={`${e.from} ${e.to}`}>{name(e.from)} → {name(e.to)}: <strong>{e.labels.join(" / ")}</strong></li>)}
    </ul>
  );
  if (chosen !== "") return list;
  return <details><summary>{t("console.asList", { count: ways.length })}</summary>{list}</details>;
}
