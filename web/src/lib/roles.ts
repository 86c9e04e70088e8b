// SPDX-License-Identifier: Apache-2.0
import type { SignedIn } from "../api/types";

/** The roles of whoever signed in. */
export function rolesOf(actor: SignedIn["actor"]): string[] {
  return actor?.roles ?? (actor?.role ? [actor.role] : []);
}

/** Whether one of these roles holds reports while it reads them. */
export function mayClaim(roles: readonly string[]): boolean {
  return roles.some((role) => role === "operator" || role === "verifier");
}
