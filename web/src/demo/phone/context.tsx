// SPDX-License-Identifier: Apache-2.0
import { createContext, useContext } from "react";
import type { Client } from "../../api/client";
import type { CitizenSession } from "../../api/session";
import type { Area, Category, Config } from "../../api/types";
import type { Slot } from "../../lib/draft";
import type { Loaded } from "../../lib/load";
import type { Outbox } from "../../lib/outbox";
import type { PhotoStore } from "../../lib/photostore";
import type { Store } from "../../lib/store";

/** What every screen of the phone works with. */
export interface Phone {
  client: Client;
  session: CitizenSession;
  store: Store;
  photos: PhotoStore;
  outbox: Record<Slot, Outbox>;
  config: Loaded<Config>;
  categories: Loaded<Category[]>;
  areas: Loaded<Area[]>;
  /** Whether this phone could be registered for pushes; null while that is not known. */
  pushes: boolean | null;
  /** Reads again how many messages are unread. */
  refreshUnread: () => void;
}

/** The phone of this page. */
export const PhoneContext = createContext<Phone | null>(null);

/** The phone; for use inside its screens only. */
export function usePhone(): Phone {
  const phone = useContext(PhoneContext);
  if (!phone) throw new Error("usePhone is for screens inside the phone");
  return phone;
}
