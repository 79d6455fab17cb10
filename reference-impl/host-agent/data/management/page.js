// The staff's page. Texts are set as text and never as markup; nothing is kept but which session this tab has.
"use strict";
const $ = (id) => document.getElementById(id);
let language = localStorage.getItem("language") === "en" ? 1 : 0;
let proof = sessionStorage.getItem("proof") || "";
let settings = null;
let oneTime = "";
let mirroring = false;
let pictureTag = "";
let pictureUrl = "";
let phaseText = "";

const word = (key) => WORDS[key][language];
const say = (text) => { $("message").textContent = text; };

function showWords() {
  document.documentElement.lang = language ? "en" : "ja";
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  $("language").textContent = word("language");
  $("language").lang = language ? "ja" : "en";
  document.title = "shogo " + word("title");
  if (settings) showSettings();
}

async function ask(method, path, body, more) {
  const options = { method, headers: { "X-Shogo-Proof": proof, ...more }, cache: "no-store" };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(path, options);
  if (answer.status === 401 && path !== "/api/login") {
    leave();
    throw new Error(word("logged_out"));
  }
  return answer;
}

async function wanted(method, path, body) {
  const answer = await ask(method, path, body);
  const text = await answer.json();
  if (!answer.ok) throw new Error(word("refused").replace("{}", text.message));
  return text;
}

function show(part) {
  for (const id of ["login", "first", "inside"]) $(id).hidden = id !== part;
  $("logout").hidden = part === "login";
}

function leave() {
  proof = "";
  sessionStorage.removeItem("proof");
  settings = null;
  mirror(false);
  $("log").textContent = "";
  $("facts").replaceChildren();
  $("settings").replaceChildren();
  show("login");
}

async function enter() {
  show("inside");
  await refresh();
  settings = null;
  await readSettings();
}

function fact(key, value) {
  const name = document.createElement("dt");
  name.textContent = word(key);
  const text = document.createElement("dd");
  text.textContent = value;
  return [name, text];
}

const updateWord = (before, name) => (before + name in WORDS ? word(before + name) : name);

/// What became of a package; the reason is a word for whoever is called for help.
function updateText(update) {
  const why = update.reason === "none" ? "" : ` (${update.reason})`;
  const name = `${updateWord("kind_", update.kind)} ${update.version}`.trim();
  return `${name}: ${updateWord("outcome_", update.outcome)}${why}, ${update.time}`;
}

async function refresh() {
  if ($("inside").hidden) return;
  try {
    const now = await wanted("GET", "/api/status");
    const reader = now.reader;
    const key = "phase_" + (reader.connected ? reader.phase : "away");
    phaseText = word(key in WORDS ? key : "phase_unknown");
    if ($("phase").textContent !== phaseText) $("phase").textContent = phaseText;
    const facts = [];
    if (reader.fault) facts.push(...fact("fault", reader.fault));
    if (reader.language) facts.push(...fact("patient_language", reader.language));
    facts.push(...fact("card_reader", word(now.card_reader ? "there" : "not_there")));
    facts.push(...fact("firmware", reader.firmware), ...fact("serial", reader.serial));
    facts.push(...fact("agent", now.agent), ...fact("fund_program", now.fund_program), ...fact("time", now.time));
    const versions = Object.entries(now.versions).map(([kind, version]) => updateWord("kind_", kind) + " " + version);
    if (versions.length > 0) facts.push(...fact("versions", versions.join(word("comma"))));
    if (now.last_update) facts.push(...fact("last_update", updateText(now.last_update)));
    $("facts").replaceChildren(...facts);
    $("visual-state").textContent =
      now.visual_check.armed ? word("armed").replace("{}", now.visual_check.left_s) : word("not_armed");
    $("disarm").disabled = !now.visual_check.armed;
    $("restart").disabled = !reader.connected;
    if (!settings && reader.connected) await readSettings();
    if ($("message").dataset.away) say("");
    delete $("message").dataset.away;
  } catch (error) {
    if (error instanceof TypeError) {
      say(word("agent_away"));
      $("message").dataset.away = "yes";
    } else {
      say(error.message);
    }
  }
}

async function readSettings() {
  const answer = await ask("GET", "/api/settings");
  if (!answer.ok) return;
  settings = await answer.json();
  showSettings();
}

/// Which languages patients are offered: one box each, by the name it has for itself. Japanese always is.
function languageBoxes(offered) {
  const group = document.createElement("fieldset");
  group.className = "setting";
  group.dataset.key = "languages";
  const title = document.createElement("legend");
  title.textContent = SETTING_WORDS.languages[language];
  group.append(title);
  for (const [code, name] of Object.entries(LANGUAGE_NAMES)) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = code;
    box.checked = offered.includes(code);
    box.disabled = code === "ja";
    const text = document.createElement("span");
    text.lang = code;
    text.textContent = name;
    label.append(box, text);
    group.append(label);
  }
  return group;
}

function showSettings() {
  const rows = [];
  for (const [key, value] of Object.entries(settings)) {
    if (key === "languages") rows.push(languageBoxes(value));
    if (typeof value === "object") continue;
    const row = document.createElement("div");
    row.className = "setting";
    const label = document.createElement("label");
    label.htmlFor = "setting-" + key;
    const name = (SETTING_WORDS[key] || [key, key])[language];
    const input = document.createElement("input");
    input.id = label.htmlFor;
    input.dataset.key = key;
    if (typeof value === "boolean") {
      input.type = "checkbox";
      input.checked = value;
      label.append(input, name);
      row.append(label);
    } else {
      input.type = typeof value === "number" ? "number" : "text";
      input.value = value;
      if (input.type === "text") input.size = 40;
      label.textContent = name;
      row.append(label, input);
    }
    rows.push(row);
  }
  $("settings").replaceChildren(...rows);
}

async function saveSettings() {
  const changes = {};
  for (const input of $("settings").querySelectorAll("input[data-key]")) {
    const old = settings[input.dataset.key];
    const now = input.type === "checkbox" ? input.checked : input.type === "number" ? Number(input.value) : input.value;
    if (now !== old) changes[input.dataset.key] = now;
  }
  const offered = [...$("settings").querySelectorAll("[data-key=languages] input:checked")].map((box) => box.value);
  if (settings.languages && offered.join() !== settings.languages.join()) changes.languages = offered;
  if (Object.keys(changes).length === 0) return say(word("nothing_changed"));
  await wanted("POST", "/api/settings", changes);
  await readSettings();
  say(word("saved"));
}

function mirror(on) {
  mirroring = on;
  pictureTag = "";
  $("mirror-switch").setAttribute("aria-pressed", String(on));
  $("mirror").hidden = true;
  $("mirror").removeAttribute("src");
  $("mirror-none").hidden = !on;
  if (on) watch();
}

async function watch() {
  while (mirroring) {
    try {
      const answer = await ask("GET", "/api/mirror.png", undefined, pictureTag ? { "If-None-Match": pictureTag } : {});
      if (answer.status === 200) {
        pictureTag = answer.headers.get("ETag");
        const url = URL.createObjectURL(await answer.blob());
        $("mirror").src = url;
        $("mirror").alt = word("mirror_alt") + phaseText;
        if (pictureUrl) URL.revokeObjectURL(pictureUrl);
        pictureUrl = url;
      }
      $("mirror").hidden = answer.status === 204;
      $("mirror-none").hidden = answer.status !== 204;
    } catch (error) {
      say(error instanceof TypeError ? word("agent_away") : error.message);
    }
    await new Promise((done) => setTimeout(done, 250));
  }
}

/// What a form or button does, with its trouble told to the person.
const on = (id, event, act) => $(id).addEventListener(event, async (what) => {
  what.preventDefault();
  say("");
  try {
    await act();
  } catch (error) {
    say(error instanceof TypeError ? word("agent_away") : error.message);
  }
});

on("login-form", "submit", async () => {
  const password = $("password").value;
  const answer = await ask("POST", "/api/login", { password });
  $("password").value = "";
  const text = await answer.json();
  if (answer.status === 401) return say(word("wrong_password"));
  if (answer.status === 429) return say(word("wait").replace("{}", answer.headers.get("Retry-After")));
  if (!answer.ok) return say(word("refused").replace("{}", text.message));
  proof = text.proof;
  if (text.password_must_be_set) {
    oneTime = password;
    return show("first");
  }
  sessionStorage.setItem("proof", proof);
  await enter();
});
async function change(old, next) {
  await wanted("POST", "/api/password", { old, new: next });
  leave();
  say(word("password_set"));
}
on("first-form", "submit", async () => {
  const next = $("new-password").value;
  $("new-password").value = "";
  await change(oneTime, next);
  oneTime = "";
});
on("change-form", "submit", async () => {
  const [old, next] = [$("old").value, $("next").value];
  $("old").value = $("next").value = "";
  await change(old, next);
});
on("logout", "click", async () => {
  await wanted("POST", "/api/logout", {});
  leave();
  say(word("logged_out"));
});
on("language", "click", async () => {
  language = 1 - language;
  localStorage.setItem("language", language ? "en" : "ja");
  showWords();
  await refresh();
});
on("restart", "click", async () => {
  if (!confirm(word("restart_sure"))) return;
  await wanted("POST", "/api/restart", {});
  say(word("restarting"));
});
on("arm", "click", async () => { await wanted("POST", "/api/visual-check", { armed: true }); await refresh(); });
on("disarm", "click", async () => { await wanted("POST", "/api/visual-check", { armed: false }); await refresh(); });
on("mirror-switch", "click", async () => mirror(!mirroring));
on("settings-form", "submit", saveSettings);
for (const of of ["operation", "audit"])
  on("log-" + of, "click", async () => {
    const log = await wanted("GET", "/api/logs?lines=200&of=" + of);
    $("log").textContent = log.lines.join("\n");
    $("log").scrollTop = $("log").scrollHeight;
  });

showWords();
if (proof) enter().catch(leave); else show("login");
setInterval(refresh, 1000);
