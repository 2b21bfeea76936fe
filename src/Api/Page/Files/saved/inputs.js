// What talks were made of, kept in this browser (IndexedDB): a reload loses no input, and a talk can be made again with other settings.

const mostBytes = 200e6;
const mostEntries = 20;

/** The name under which what is being composed is kept. */
export const draftName = 'draft';

/** Keeps inputs and settings under a name. Where the browser keeps nothing, or they are too large, they are not kept. */
export async function keep(name, inputs) {
  const size = (inputs.portrait?.file?.size ?? 0) + (inputs.speech?.file?.size ?? 0);
  if (size > mostBytes) return;
  try {
    await run('readwrite', store => store.put({ name, at: Date.now(), inputs }));
    const all = await run('readonly', store => store.getAllKeys());
    if (all.length > mostEntries + 1) await forgetOldest();
  } catch {
    // A private window, or a full disk: composing goes on without.
  }
}

/** What was kept under a name; null for nothing. */
export async function recall(name) {
  try {
    return (await run('readonly', store => store.get(name)))?.inputs ?? null;
  } catch {
    return null;
  }
}

/** Forgets what was kept under a name. */
export async function forget(name) {
  try {
    await run('readwrite', store => store.delete(name));
  } catch {
    // Nothing was kept.
  }
}

async function forgetOldest() {
  const all = (await run('readonly', store => store.getAll())).filter(entry => entry.name !== draftName).sort((one, other) => one.at - other.at);
  await forget(all[0].name);
}

function run(mode, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('wantalk', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('inputs', { keyPath: 'name' });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const request = work(database.transaction('inputs', mode).objectStore('inputs'));
      request.onsuccess = () => { resolve(request.result); database.close(); };
      request.onerror = () => { reject(request.error); database.close(); };
    };
  });
}
