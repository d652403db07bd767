// Files that wait to be sent, kept over a reload. Only a database holds files; without one, memory.

const STORE = "files";

/** Keep files under names, in the browser's database `name` once `mayKeep()`. */
export function createDrawer(name, mayKeep) {
  const memory = new Map();
  let opening = null;

  function open() {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error("blocked"));
    });
    return opening;
  }

  async function act(mode, work) {
    try {
      const database = await open();
      const request = work(database.transaction(STORE, mode).objectStore(STORE));
      return await new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    } catch {
      // Forbidden or full: then the files are here as long as the page is.
      return undefined;
    }
  }

  return {
    put: async (key, file) => {
      memory.set(key, file);
      if (mayKeep()) await act("readwrite", (store) => store.put(file, key));
    },
    get: async (key) => memory.get(key) ?? (mayKeep() ? act("readonly", (s) => s.get(key)) : undefined),
    remove: async (key) => {
      memory.delete(key);
      if (mayKeep()) await act("readwrite", (store) => store.delete(key));
    },
    /** Forget all files, and the database with them. */
    forget: async () => {
      memory.clear();
      const database = await opening?.catch(() => null);
      database?.close();
      opening = null;
      try {
        indexedDB.deleteDatabase(name);
      } catch {
        // Forbidden, so there is none.
      }
    },
  };
}
