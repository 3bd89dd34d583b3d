// The safe on the phone: notes and names, sealed with AES-GCM under a key that comes from the server after a login and is
// kept only as long as the tab is open. Whoever has the phone but no login reads nothing here.
const BASE = "stapsteen-onderweg";

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function open() {
  const request = indexedDB.open(BASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("notes", { keyPath: "id" });
    request.result.createObjectStore("people", { keyPath: "id" });
  };
  return asked(request);
}

async function within(store, mode, work) {
  const base = await open();
  try {
    return await asked(work(base.transaction(store, mode).objectStore(store)));
  } finally {
    base.close();
  }
}

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const about = (row) => new TextEncoder().encode(`${row.service}/${row.owner}/${row.id}`);

export class Safe {
  // service: its slug. What opens the safe: {keys: {number: base64}, newest, owner}.
  constructor(service) {
    this.service = service;
    this.place = `onderweg/${service}`;
    this.opener = JSON.parse(sessionStorage.getItem(this.place) ?? "null");
  }

  get isOpen() {
    return this.opener !== null;
  }

  unlock(opener) {
    this.opener = opener;
    sessionStorage.setItem(this.place, JSON.stringify(opener));
  }

  async key(number, use) {
    return crypto.subtle.importKey("raw", bytes(this.opener.keys[number]), "AES-GCM", false, [use]);
  }

  async put(store, id, content) {
    const row = { id, service: this.service, owner: this.opener.owner, number: this.opener.newest };
    row.iv = crypto.getRandomValues(new Uint8Array(12));
    const how = { name: "AES-GCM", iv: row.iv, additionalData: about(row) };
    const plain = new TextEncoder().encode(JSON.stringify(content));
    row.sealed = await crypto.subtle.encrypt(how, await this.key(row.number, "encrypt"), plain);
    await within(store, "readwrite", (rows) => rows.put(row));
  }

  // What a row holds; null when it isn't ours to read, or the safe is shut.
  async read(row) {
    if (!this.isOpen || row.owner !== this.opener.owner || !this.opener.keys[row.number]) return null;
    const how = { name: "AES-GCM", iv: row.iv, additionalData: about(row) };
    const plain = await crypto.subtle.decrypt(how, await this.key(row.number, "decrypt"), row.sealed);
    return JSON.parse(new TextDecoder().decode(plain));
  }

  async all(store) {
    const rows = await within(store, "readonly", (found) => found.getAll());
    return rows.filter((row) => row.service === this.service);
  }

  async wipe(store, id) {
    await within(store, "readwrite", (rows) => rows.delete(id));
  }

  // The names go with the last note: nothing stays that isn't needed.
  async people() {
    const [row] = await this.all("people");
    return row ? ((await this.read(row)) ?? []) : [];
  }

  async keepPeople(people) {
    await this.put("people", this.service, people);
  }
}

// How many notes still lie on this phone, of any service.
export async function unsent() {
  const known = await indexedDB.databases();
  if (!known.some((base) => base.name === BASE)) return 0;
  return within("notes", "readonly", (rows) => rows.count());
}
