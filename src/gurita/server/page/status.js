"use strict";
// Reads the public API and follows its event streams; every text from the server becomes a text node.

const base = document.baseURI.replace(/[#?].*$/, "").replace(/\/?$/, "/");
const by = (id) => document.getElementById(id);
const csrf = () => {
  const found = document.cookie.split("; ").find((each) => each.startsWith("Octopus-Csrf-Token_"));
  return found ? decodeURIComponent(found.slice(found.indexOf("=") + 1)) : "";
};

async function ask(path, options = {}) {
  const headers = { "Content-Type": "application/json", "X-Octopus-Csrf-Token": csrf() };
  const answer = await fetch(base + path, { credentials: "same-origin", ...options, headers });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const error = new Error([body.ErrorMessage, ...(body.Errors || [])].filter(Boolean).join(" ") || answer.statusText);
    error.status = answer.status;
    throw error;
  }
  return body;
}

function cell(content, className) {
  const made = document.createElement("td");
  if (content instanceof Node) made.append(content);
  else made.textContent = content ?? "";
  if (className) made.className = className;
  return made;
}

function link(text, hash) {
  const made = document.createElement("a");
  made.href = hash;
  made.textContent = text;
  return made;
}

function rows(id, list) {
  by(id).replaceChildren(...list.map((cells) => {
    const row = document.createElement("tr");
    row.append(...cells);
    return row;
  }));
}

const when = (text) => (text ? new Date(text).toLocaleString() : "");

async function showProjects() {
  const board = await ask("api/dashboard");
  const head = document.createElement("tr");
  for (const text of ["Project", ...board.Environments.map((each) => each.Name)]) {
    const made = document.createElement("th");
    made.scope = "col";
    made.textContent = text;
    head.append(made);
  }
  by("projects").tHead.replaceChildren(head);
  const list = board.Projects.map((project) => [
    cell(project.Name),
    ...board.Environments.map((environment) => {
      const item = board.Items.find((each) => each.ProjectId === project.Id && each.EnvironmentId === environment.Id);
      return item ? cell(link(`${item.ReleaseVersion} ${item.State}`, `#${item.TaskId}`), item.State) : cell("–");
    }),
  ]);
  by("projects").tBodies[0].replaceChildren(...list.map((cells) => {
    const row = document.createElement("tr");
    row.append(...cells);
    return row;
  }));
}

async function showTasks() {
  const page = await ask("api/tasks?take=15");
  rows("tasks", page.Items.map((task) => [
    cell(link(task.Id, `#${task.Id}`)),
    cell(task.Description),
    cell(task.HasPendingInterruptions ? `${task.State}, waiting for a person` : task.State, task.State),
    cell(when(task.CompletedTime || task.StartTime || task.QueueTime)),
  ]));
}

async function showMachines() {
  const page = await ask("api/machines?take=100");
  rows("machines", page.Items.map((machine) => [
    cell(machine.Name), cell(machine.HealthStatus, machine.HealthStatus), cell(machine.StatusSummary),
  ]));
}

async function showNodes() {
  const page = await ask("api/octopusservernodes/summary");
  rows("nodes", page.Nodes.map((node) => {
    const state = node.IsOffline ? "Offline" : node.IsInMaintenanceMode ? "Draining" : "Running";
    return [cell(node.Name), cell(String(node.RunningTaskCount ?? 0)), cell(state, state === "Running" ? "Running-node" : state)];
  }));
}

let log = null;

function addStep(list, node, depth) {
  for (const child of node.Children || []) {
    const made = document.createElement("li");
    made.className = child.Status;
    made.textContent = `${child.Name}: ${child.Status}`;
    list.append(made);
    if (depth < 2 && (child.Children || []).length) {
      const inner = document.createElement("ul");
      addStep(inner, child, depth + 1);
      made.append(inner);
    }
  }
}

async function showTask() {
  const id = decodeURIComponent(location.hash.slice(1));
  by("task").hidden = !/^ServerTasks-\d+$/.test(id);
  if (by("task").hidden) return;
  const details = await ask(`api/tasks/${id}/details?tail=1`);
  by("task-title").textContent = `${details.Task.Description}: ${details.Task.State}`;
  by("task-title").className = details.Task.State;
  by("task-steps").replaceChildren();
  for (const root of details.ActivityLogs) addStep(by("task-steps"), root, 0);
  const why = await ask(`api/tasks/${id}/explain`).catch(() => ({}));
  by("task-why").textContent = (why.Reasons || []).map((each) => each.Text).join(" ");
  if (log && log.id === id) return;
  if (log) log.source.close();
  by("task-log").textContent = "";
  const source = new EventSource(`${base}api/tasks/${id}/log/events`);
  log = { id, source };
  source.addEventListener("log", (event) => {
    const chunk = JSON.parse(event.data);
    const place = by("task-log");
    const atEnd = place.scrollTop + place.clientHeight >= place.scrollHeight - 40;
    for (const line of chunk.Lines || []) place.append(`${line.MessageText}\n`);
    if (atEnd) place.scrollTop = place.scrollHeight;
  });
  source.addEventListener("end", () => source.close());
}

let pending = null;

function refresh() {
  pending ??= setTimeout(async () => {
    pending = null;
    try {
      await Promise.all([showProjects(), showTasks(), showMachines(), showNodes(), showTask()]);
      by("connection").textContent = `Live, ${new Date().toLocaleTimeString()}`;
    } catch (error) {
      if (error.status === 401) return signIn();
      by("connection").textContent = `Not up to date: ${error.message}`;
    }
  }, 150);
}

let changes = null;

function start() {
  by("sign-in").hidden = true;
  by("status").hidden = by("sign-out").hidden = false;
  refresh();
  changes?.close();
  changes = new EventSource(`${base}api/gurita/changes`);
  changes.onopen = refresh;
  changes.onerror = () => { by("connection").textContent = "Connection lost; trying again."; };
  for (const kind of ["message", "task", "node", "interruption", "change"]) changes.addEventListener(kind, refresh);
}

function signIn() {
  changes?.close();
  by("status").hidden = by("sign-out").hidden = true;
  by("sign-in").hidden = false;
  by("connection").textContent = "Not signed in.";
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
window.addEventListener("hashchange", refresh);
ask("api/users/me").then(start, signIn);
