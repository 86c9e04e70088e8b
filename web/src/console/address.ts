// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from "react";

/** The rooms of the console. */
export const rooms = ["queue", "inbox", "rules"] as const;
export type Room = (typeof rooms)[number];

/** Where somebody is: a room, the report or thing that is open in it, and what they filter by. */
export interface Address {
  room: Room | "";
  id: string;
  filter: Readonly<Record<string, string>>;
}

/** Reads `#/queue/ID?view=late&q=đèn`; a room that is not known is none. */
export function addressOf(hash: string): Address {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const [room = "", id = ""] = path.split("/");
  const filter = Object.fromEntries([...new URLSearchParams(query)].filter(([, value]) => value !== ""));
  return { room: (rooms as readonly string[]).includes(room) ? (room as Room) : "", id: decoded(id), filter };
}

/** The address as a hash: what `addressOf` reads. */
export function hashOf({ room, id, filter }: Address): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== "")).toString();
  return `#/${room}${id === "" ? "" : `/${encodeURIComponent(id)}`}${query === "" ? "" : `?${query}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address in the bar; follows the browser's back button. */
export function useAddress(): [Address, (part: Partial<Address>) => void] {
  const hash = useSyncExternalStore(
    (changed) => {
      window.addEventListener("hashchange", changed);
      return () => window.removeEventListener("hashchange", changed);
    },
    () => window.location.hash,
  );
  const address = addressOf(hash);
  return [address, (part) => void (window.location.hash = hashOf({ ...address, ...part }))];
}
