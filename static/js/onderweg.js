// Notes on the way. A note is sealed on the phone first, then sent, then wiped; its key makes that it comes in once.
import { Safe } from "./onderweg-kluis.js";

const root = document.querySelector("[data-onderweg]");
const safe = new Safe(root.dataset.onderweg);
const $ = (name) => root.querySelector(`[data-${name}]`);
const words = (name) => root.dataset[`text${name[0].toUpperCase()}${name.slice(1)}`];
const refused = new Map(); // note id -> why the server doesn't take it
let token = "";
let busy = false;

// Connection ---------------------------------------------------------------------------------------------------------

// "online", "login" (connection but no session) or "offline".
async function connect() {
  let answer;
  try {
    answer = await fetch(root.dataset.list, { redirect: "manual", cache: "no-store" });
  } catch {
    return "offline";
  }
  if (answer.type === "opaqueredirect" || answer.status === 404) return "login";
  if (!answer.ok) return "offline";
  const given = await answer.json();
  token = given.csrf;
  safe.unlock({ keys: given.keys, newest: given.newest, owner: given.owner });
  await safe.keepPeople(given.people);
  root.querySelector("[name=happened_on]").max = given.today;
  return "online";
}

async function refresh() {
  const state = await connect();
  const shut = !safe.isOpen;
  $("status").textContent = words(shut && state === "offline" ? "locked" : state);
  $("status").dataset.kind = state;
  $("login-line").hidden = state !== "login";
  root.querySelector("[data-login-link]").href = root.dataset.login;
  $("form").hidden = shut;
  if (!shut) await showPeople();
  if (state === "online") await sendAll();
  await showQueue();
}

// The list of people -------------------------------------------------------------------------------------------------

async function showPeople() {
  const select = root.querySelector("[name=person]");
  const chosen = select.value;
  const people = await safe.people();
  select.replaceChildren(new Option(words("choose"), ""));
  for (const [label, group] of [
    [words("today"), people.filter((person) => person.when)],
    [words("mine"), people.filter((person) => !person.when)],
  ]) {
    if (!group.length) continue;
    const part = document.createElement("optgroup");
    part.label = label;
    part.append(...group.map((person) => new Option([person.when, person.name].filter(Boolean).join(" "), person.id)));
    select.append(part);
  }
  select.value = chosen;
}

async function nameOf(id) {
  return (await safe.people()).find((person) => person.id === id)?.name ?? "–";
}

// Writing ------------------------------------------------------------------------------------------------------------

async function write(form) {
  const given = Object.fromEntries(new FormData(form));
  const wrong = !given.person ? "nobody" : !given.text.trim() && !given.missed ? "empty" : "";
  $("error").hidden = !wrong;
  if (wrong) {
    $("error").textContent = words(wrong);
    return;
  }
  await safe.put("notes", crypto.randomUUID(), { ...given, name: await nameOf(given.person) });
  const day = given.happened_on;
  form.reset();
  form.elements.happened_on.value = day;
  $("status").textContent = words("kept");
  await refresh();
}

// Sending ------------------------------------------------------------------------------------------------------------

async function sendAll() {
  if (busy) return;
  busy = true;
  try {
    let sent = 0;
    for (const row of await safe.all("notes")) {
      const note = await safe.read(row);
      if (note && !refused.has(row.id) && (await send(row.id, note))) sent += 1;
    }
    if (sent && !(await safe.all("notes")).length) $("status").textContent = words("sent");
  } finally {
    busy = false;
  }
}

// True when the server has it; only then it is wiped here.
async function send(id, note) {
  const { person, name, ...fields } = note;
  const address = new URL(`./${person}/`, new URL(root.dataset.list, location.href));
  const body = new URLSearchParams({ ...fields, sent_as: id });
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": token } });
  } catch {
    return false;
  }
  if (answer.status === 200 || answer.status === 201) {
    await safe.wipe("notes", id);
    return true;
  }
  if (answer.status === 404) refused.set(id, words("gone"));
  if (answer.status === 422) refused.set(id, (await answer.json()).errors.join(" "));
  return false;
}

async function showQueue() {
  const rows = await safe.all("notes");
  $("waiting").hidden = !rows.length;
  const lines = await Promise.all(rows.map(line));
  $("queue").replaceChildren(...lines);
}

async function line(row) {
  const note = await safe.read(row);
  const shown = $("queue-item").content.cloneNode(true).firstElementChild;
  const part = (name) => shown.querySelector(`[data-${name}]`);
  part("who").textContent = note?.name ?? "";
  part("when").textContent = note?.happened_on ?? "";
  part("what").textContent = note?.text ?? "";
  const why = note ? refused.get(row.id) : words("unreadable");
  part("why").hidden = !why;
  part("why").textContent = why ?? "";
  const wipe = shown.querySelector("[name=wipe]");
  wipe.parentElement.hidden = !why; // what can still be sent isn't thrown away by a slip of the thumb
  wipe.addEventListener("click", async () => {
    await safe.wipe("notes", row.id);
    await showQueue();
  });
  return shown;
}

// Opening without connection -----------------------------------------------------------------------------------------

async function keepThisPage() {
  const registration = await navigator.serviceWorker.register(root.dataset.worker);
  await navigator.serviceWorker.ready;
  const parts = performance
    .getEntriesByType("resource")
    .map((entry) => new URL(entry.name))
    .filter((address) => address.origin === location.origin && /^\/static\/|\.css$/.test(address.pathname))
    .map((address) => address.pathname);
  const channel = new MessageChannel();
  const kept = new Promise((resolve) => {
    channel.port1.onmessage = resolve;
  });
  registration.active.postMessage([...new Set(parts)], [channel.port2]);
  await kept;
  root.dataset.ready = "";
}

root.querySelector("[data-form]").addEventListener("submit", (event) => {
  event.preventDefault();
  write(event.target);
});
root.querySelector("[name=send]").addEventListener("click", refresh);
window.addEventListener("online", refresh);
setInterval(async () => {
  if ((await safe.all("notes")).length) await refresh();
}, 30_000);
const now = new Date(); // the kept page may be of another day
const two = (number) => String(number).padStart(2, "0");
root.querySelector("[name=happened_on]").value = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
await refresh();
if (navigator.onLine && safe.isOpen) await keepThisPage();
