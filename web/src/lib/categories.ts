// SPDX-License-Identifier: Apache-2.0
import type { Category } from "../api/types";

/** A group of categories as it is shown: one tile that opens to its categories. */
export interface Group {
  code: string;
  name: string;
  icon: string;
  categories: Category[];
}

/**
 * Puts categories under their groups, in the order they came. A category with children is
 * a group; a flat one names its group.
 */
export function groupCategories(items: readonly Category[]): Group[] {
  const groups = new Map<string, Group>();
  const groupOf = (code: string, name: string, icon: string) => {
    const known = groups.get(code);
    if (known) return known;
    const made = { code, name, icon, categories: [] };
    groups.set(code, made);
    return made;
  };
  for (const item of items) {
    if (item.children && item.children.length > 0) {
      groupOf(item.code, item.name, item.icon ?? "").categories.push(...leaves(item));
    } else {
      const group = typeof item.group === "object" ? item.group : { code: item.group || item.code, name: item.group || item.name };
      groupOf(group.code, group.name, group.icon ?? item.icon ?? "").categories.push(item);
    }
  }
  return [...groups.values()];
}

function leaves(category: Category): Category[] {
  const children = category.children ?? [];
  return children.length === 0 ? [category] : children.flatMap(leaves);
}

/** Finds a category by its code anywhere in the tree. */
export function findCategory(items: readonly Category[], code: string): Category | undefined {
  return items.flatMap(leaves).find((category) => category.code === code);
}
