// What a browser keeps for the next time, once it may. Where it can keep nothing, all works in memory.

/**
 * Names begin with `prefix`, so that two connections on one host do not meet.
 * Until `allow()` everything stays in memory, and is gone with the page.
 */
export function createKeep(prefix, storage = storageOf(window)) {
  // Only what is not in the browser's storage: other tabs change that, too.
  const memory = new Map();
  const named = (name) => `${prefix}:${name}`;

  /** Whether things are kept: allowed in this tab or in another. */
  const isAllowed = () => read("allowed") !== null;

  function get(name) {
    const text = memory.get(name) ?? (isAllowed() ? read(name) : null);
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  function read(name) {
    try {
      return storage?.getItem(named(name)) ?? null;
    } catch {
      return null;
    }
  }

  function set(name, value) {
    const text = JSON.stringify(value);
    if (isAllowed() && write(name, text)) memory.delete(name);
    else memory.set(name, text);
  }

  function write(name, text) {
    try {
      storage.setItem(named(name), text);
      return true;
    } catch {
      return false; // full, or forbidden: memory has it
    }
  }

  function remove(name) {
    memory.delete(name);
    try {
      storage?.removeItem(named(name));
    } catch {
      // Forbidden, so nothing is there.
    }
  }

  function names(beginning) {
    const found = new Set(memory.keys());
    if (isAllowed()) stored().forEach((name) => found.add(name));
    return [...found].filter((name) => name.startsWith(beginning));
  }

  function stored() {
    try {
      const own = Object.keys(storage ?? {}).filter((key) => key.startsWith(`${prefix}:`));
      return own.map((key) => key.slice(prefix.length + 1));
    } catch {
      return [];
    }
  }

  /** From now on things are kept; what was in memory is, too. */
  function allow() {
    if (!isAllowed()) write("allowed", "1");
    for (const [name, text] of [...memory]) set(name, JSON.parse(text));
  }

  /** Forget everything, here and in the browser. */
  function forget() {
    memory.clear();
    stored().forEach(remove);
  }

  return { get, set, remove, names, allow, forget, isAllowed };
}

function storageOf(here) {
  try {
    const storage = here.localStorage;
    storage.getItem("balie");
    return storage;
  } catch {
    // Private windows and blocked third-party storage refuse even to be asked.
    return null;
  }
}
