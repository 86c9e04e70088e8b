// SPDX-License-Identifier: Apache-2.0
import { createContext, useContext } from "react";
import type { Client } from "../api/client";
import type { Me, PackDetail } from "../api/model";
import type { Area, Category, Option, Unit } from "../api/types";
import type { Drafts } from "./drafts";
import type { Seen } from "./seen";

/** What every part of the console works with: who sits at the desk, and what the city has. */
export interface Desk {
  client: Client;
  me: Me;
  units: readonly Unit[];
  categories: readonly Category[];
  areas: readonly Area[];
  /** The rules in force, for those who may read them. */
  pack: PackDetail | undefined;
  drafts: Drafts;
  seen: Seen;
  /** Whether single keys do something. */
  keys: boolean;
}

const context = createContext<Desk | null>(null);

/** Lends the desk to what stands under it. */
export const DeskProvider = context.Provider;

/** The desk that this part stands at. */
export function useDesk(): Desk {
  const desk = useContext(context);
  if (!desk) throw new Error("console: no desk");
  return desk;
}

/** Whether these roles work for the operations centre. */
export function ofCentre(roles: readonly string[]): boolean {
  return roles.includes("operator") || roles.includes("verifier");
}

/** Whether these roles have a unit's inbox. */
export function ofUnit(roles: readonly string[]): boolean {
  return roles.some((role) => role === "unit_coordinator" || role === "handler" || role === "unit_head");
}

/** Whether these roles may read the rules. */
export function readsRules(roles: readonly string[]): boolean {
  return ofCentre(roles) || roles.some((role) => role === "leader" || role === "auditor" || role === "administrator");
}

/** Whether these roles may ask where a report would go. */
export function triesRouting(roles: readonly string[]): boolean {
  return ofCentre(roles) || roles.includes("administrator");
}

/** The leaves of the tree of categories, each named with its group. */
export function categoryOptions(items: readonly Category[]): Option[] {
  return items.flatMap((c) => {
    const below = c.children ?? [];
    if (below.length > 0) return categoryOptions(below).map((o) => ({ ...o, name: `${c.name}: ${o.name}` }));
    return [{ key: c.code, name: c.name }];
  });
}
