"use strict";
// Reads the public API and follows its event streams; every text from the server becomes a text node.

const base = document.documentElement.dataset.base;
const by = (id) => document.getElementById(id);
const MOST_LINES = 2000;
const SELDOM = 10000;
const MARKS = { Success: "✓", SuccessWithWarning: "✓", Failed: "✗", Canceled: "✗", Running: "▸", Skipped: "–" };
const WORDS = { SuccessWithWarning: "Success, with warnings", TimedOut: "Timed out", HasWarnings: "Has warnings" };

function made(name, text, className) {
  const element = document.createElement(name);
  element.textContent = text ?? "";
  if (className) element.className = className;
  return element;
}

const csrf = () => {
  const found = document.cookie.split("; ").find((each) => each.startsWith("Octopus-Csrf-Token_"));
  return found ? decodeURIComponent(found.slice(found.indexOf("=") + 1)) : "";
};

async function ask(path, options = {}) {
  const headers = { "Content-Type": "application/json", "X-Octopus-Csrf-Token": csrf() };
  const answer = await fetch(base + path, { credentials: "same-origin", ...options, headers });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const told = body.Errors?.length ? body.Errors.join(" ") : body.ErrorMessage;
    const error = new Error(told || answer.statusText);
    error.status = answer.status;
    throw error;
  }
  return body;
}

function cell(content, className) {
  const td = made("td", "", className);
  td.append(content ?? "");
  return td;
}

function link(text, task, className) {
  const a = made("a", text, className);
  a.href = `#${task}`;
  return a;
}

function fill(body, list, columns, empty) {
  const found = list.map((cells) => {
    const row = document.createElement("tr");
    row.append(...cells);
    return row;
  });
  if (!found.length) {
    const td = made("td", empty, "note");
    td.colSpan = columns;
    found.push(made("tr"));
    found[0].append(td);
  }
  body.replaceChildren(...found);
}

const when = (text) => (text ? new Date(text).toLocaleString([], { dateStyle: "short", timeStyle: "medium" }) : "");
const word = (state) => WORDS[state] || state;

async function showProjects() {
  const board = await ask("api/dashboard");
  const head = document.createElement("tr");
  for (const text of ["Project", ...board.Environments.map((each) => each.Name)]) {
    const th = made("th", text);
    th.scope = "col";
    head.append(th);
  }
  by("projects").tHead.replaceChildren(head);
  const list = board.Projects.map((project) => [
    cell(project.Name),
    ...board.Environments.map((environment) => {
      const item = board.Items.find((each) => each.ProjectId === project.Id && each.EnvironmentId === environment.Id);
      if (!item) return cell("–", "note");
      const state = item.HasPendingInterruptions ? "waits" : item.State;
      const td = cell(link(item.ReleaseVersion, item.TaskId), "nowrap");
      td.append(" ", made("span", state === "waits" ? "waits for a person" : word(item.State), state));
      return td;
    }),
  ]);
  fill(by("projects").tBodies[0], list, board.Environments.length + 1, "There are no projects yet.");
}

async function showTasks() {
  const page = await ask("api/tasks?take=15");
  const list = page.Items.map((task) => [
    cell(link(task.Id, task.Id)),
    task.HasPendingInterruptions ? cell("Waits for a person", "waits nowrap") : cell(word(task.State), `${task.State} nowrap`),
    cell(task.Description, "wide"),
    cell(when(task.CompletedTime || task.StartTime || task.QueueTime), "nowrap"),
  ]);
  fill(by("tasks"), list, 4, "Nothing has been done yet.");
}

async function showMachines() {
  const page = await ask("api/machines?take=100");
  const list = page.Items.map((machine) => {
    const state = machine.IsDisabled ? "Disabled" : machine.HealthStatus;
    return [cell(machine.Name), cell(word(state), `${state} nowrap`), cell(machine.StatusSummary)];
  });
  fill(by("machines"), list, 3, "There are no machines yet: gurita machine invite makes the command that adds one.");
}

async function showNodes() {
  const page = await ask("api/octopusservernodes/summary");
  const list = page.Nodes.map((node) => {
    const state = node.IsOffline ? "Offline" : node.IsInMaintenanceMode ? "Draining" : "Online";
    return [cell(node.Name), cell(String(node.RunningTaskCount ?? 0)), cell(state, `${state} nowrap`)];
  });
  fill(by("nodes"), list, 3, "No node has been seen.");
}

let open = null;

function closeTask() {
  open?.source.close();
  open = null;
  by("task").hidden = true;
}

function showTask() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (open && open.id === id) return;
  closeTask();
  if (!/^ServerTasks-\d+$/.test(id)) return;
  by("task").hidden = false;
  by("task-title").textContent = id;
  by("task-state").textContent = by("task-why").textContent = "";
  by("task-steps").replaceChildren();
  by("task-log").replaceChildren();
  by("task-raw").href = `${base}api/tasks/${id}/raw`;
  by("task-title").focus({ preventScroll: true });
  by("task").scrollIntoView({ block: "nearest" });
  const source = new EventSource(`${base}api/tasks/${id}/log/events`);
  const mine = { id, source, nodes: new Map() };
  open = mine;
  source.addEventListener("task", (event) => told(mine, JSON.parse(event.data)));
  source.addEventListener("nodes", (event) => {
    for (const node of JSON.parse(event.data)) mine.nodes.set(node.Id, node);
    if (open === mine) by("task-steps").replaceChildren(...steps(mine.nodes, root(mine.nodes)));
  });
  source.addEventListener("log", (event) => { if (open === mine) addLines(JSON.parse(event.data).Lines); });
  source.addEventListener("end", () => source.close());
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED && open === mine && !by("task-state").textContent) {
      by("task-state").textContent = "There is no such task here, or you may not see it.";
    }
  };
}

async function told(mine, task) {
  if (open !== mine) return;
  by("task-title").textContent = task.Description;
  by("task-state").textContent = task.HasPendingInterruptions ? "Waits for a person" : word(task.State);
  by("task-state").className = task.HasPendingInterruptions ? "waits" : task.State;
  const why = await ask(`api/tasks/${mine.id}/explain`).catch(() => ({}));
  if (open !== mine) return;
  const reasons = (why.Reasons || []).map((each) => each.Text);
  if (task.ErrorMessage) reasons.push(task.ErrorMessage);
  if (task.HasPendingInterruptions) reasons.push(`Answer it with: gurita task answer ${mine.id}`);
  by("task-why").textContent = [...new Set(reasons)].join(" ");
}

const root = (nodes) => [...nodes.values()].find((node) => node.ParentId === null)?.Id;

function steps(nodes, parent) {
  return [...nodes.values()].filter((node) => node.ParentId === parent).map((node) => {
    const item = made("li");
    const mark = made("span", MARKS[node.Status] || "·", `mark ${node.Status}`);
    mark.setAttribute("aria-hidden", "true");
    item.append(mark, node.Name, " ", made("span", word(node.Status), node.Status));
    if (node.ProgressMessage) item.append(" ", made("span", node.ProgressMessage, "why"));
    const below = steps(nodes, node.Id);
    if (below.length) {
      const list = made("ul", "", "steps");
      list.append(...below);
      item.append(list);
    }
    return item;
  });
}

function addLines(lines) {
  const place = by("task-log");
  const atEnd = place.scrollTop + place.clientHeight >= place.scrollHeight - 40;
  place.append(...lines.slice(-MOST_LINES).map((line) => made("span", `${line.Text}\n`, line.Category)));
  while (place.childElementCount > MOST_LINES) place.firstElementChild.remove();
  if (atEnd) place.scrollTop = place.scrollHeight;
}

let pending = null;
let changes = null;

function refresh() {
  pending ??= setTimeout(async () => {
    pending = null;
    if (by("status").hidden) return;
    try {
      await Promise.all([showProjects(), showTasks(), showMachines(), showNodes()]);
      by("connection").textContent = `Live · ${new Date().toLocaleTimeString()}`;
    } catch (error) {
      if (error.status === 401) signIn();
      else by("connection").textContent = `Not up to date: ${error.message}`;
    }
  }, 150);
}

function start() {
  by("sign-in").hidden = true;
  by("status").hidden = by("sign-out").hidden = false;
  refresh();
  showTask();
  listen();
}

function listen() {
  changes?.close();
  const mine = changes = new EventSource(`${base}api/gurita/changes`);
  mine.onopen = refresh;
  mine.onerror = () => {
    if (changes !== mine) return;
    by("connection").textContent = "Connection lost; trying again.";
    // Browsers try again by themselves, but not after an answer that was no stream, as a proxy's.
    if (mine.readyState === EventSource.CLOSED) setTimeout(() => { if (changes === mine) listen(); }, 3000);
  };
  for (const kind of ["hello", "reset", "change"]) mine.addEventListener(kind, refresh);
}

function signIn() {
  changes?.close();
  changes = null;
  closeTask();
  by("status").hidden = by("sign-out").hidden = true;
  by("sign-in").hidden = false;
  by("connection").textContent = "Not signed in";
  by("sign-in").elements.username.focus();
}

by("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  by("sign-in-error").textContent = "";
  const form = new FormData(event.target);
  const body = JSON.stringify({ Username: form.get("username"), Password: form.get("password"), RememberMe: false });
  try {
    await ask("api/users/login", { method: "POST", body });
    event.target.reset();
    start();
  } catch (error) {
    by("sign-in-error").textContent = error.message;
  }
});

by("sign-out").addEventListener("click", async () => {
  await ask("api/users/logout", { method: "POST", body: "{}" }).catch(() => {});
  signIn();
});
window.addEventListener("hashchange", () => { if (!by("status").hidden) showTask(); });
// What no stream tells of, a new project or machine, is seen a little later.
setInterval(() => { if (!document.hidden && !by("status").hidden) refresh(); }, SELDOM);
ask("api/users/me").then(start, signIn);
