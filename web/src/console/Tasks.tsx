// SPDX-License-Identifier: Apache-2.0
import type { StaffTask } from "../api/model";
import { useSpeech } from "../i18n/context";
import { hoursLeft } from "../lib/format";
import { Clock } from "./Clocks";

/** Each unit's part in a report: who leads, who supports, how far they are. */
export function Tasks({ tasks }: { tasks: readonly StaffTask[] }) {
  const { t, word } = useSpeech();
  if (tasks.length === 0) return null;
  return (
    <section aria-labelledby="tasks-title">
      <h2 id="tasks-title">{t("console.tasks")}</h2>
      <ul className="plain tasks">
        {tasks.map((task) => {
          const due = task.deadlines.find((d) => hoursLeft(d));
          const over = task.state === "returned" || task.state === "cancelled";
          return (
            <li key={task.id} className={over ? "quiet" : undefined}>
              <strong>{task.unit.name}</strong>
              <span>{t(task.lead ? "console.lead" : "console.support")} · {word("task", task.state)}{task.handler?.name && ` · ${task.handler.name}`}</span>
              {!over && due && <Clock deadline={due} />}
              {task.result && <p className="prose">{task.result}</p>}
              {task.notes.map((n) => <p key={n.id} className="prose quiet">{n.text}</p>)}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
