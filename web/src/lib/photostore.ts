// SPDX-License-Identifier: Apache-2.0

/** A photo that waits to be sent. */
export interface KeptPhoto {
  id: string;
  name: string;
  type: string;
  blob: Blob;
}

/** Keeps photos across reloads. */
export interface PhotoStore {
  put(photo: KeptPhoto): Promise<void>;
  get(id: string): Promise<KeptPhoto | undefined>;
  remove(id: string): Promise<void>;
}

/** Photos that are lost with the page. */
export function memoryPhotos(): PhotoStore {
  const kept = new Map<string, KeptPhoto>();
  return {
    put: async (photo) => void kept.set(photo.id, photo),
    get: async (id) => kept.get(id),
    remove: async (id) => void kept.delete(id),
  };
}

const table = "photos";

/** Photos in the browser's IndexedDB; in memory where that is refused, as in some private windows. */
export async function browserPhotos(): Promise<PhotoStore> {
  let db: IDBDatabase;
  try {
    db = await opened();
  } catch {
    return memoryPhotos();
  }
  const run = <T>(mode: IDBTransactionMode, ask: (s: IDBObjectStore) => IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      const request = ask(db.transaction(table, mode).objectStore(table));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("indexeddb"));
    });
  return {
    put: async (photo) => void (await run("readwrite", (s) => s.put(photo))),
    get: async (id) => run("readonly", (s) => s.get(id) as IDBRequest<KeptPhoto | undefined>),
    remove: async (id) => void (await run("readwrite", (s) => s.delete(id))),
  };
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("hientruong", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(table, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("indexeddb"));
  });
}
