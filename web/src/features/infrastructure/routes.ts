import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { spaceRoute } from "../../shell/tree";
import { type AddSearch, searchOf as addSearchOf } from "./adding";
import { type MachineSearch, searchOf } from "./filters";

const environments = createRoute({
  getParentRoute: () => spaceRoute,
  path: "infrastructure/environments",
  validateSearch: ({ add }): { add?: boolean } => (add === true ? { add } : {}),
  component: lazyRouteComponent(() => import("./EnvironmentsPage"), "EnvironmentsPage"),
});
const environment = createRoute({
  getParentRoute: () => spaceRoute,
  path: "infrastructure/environments/$environment",
  validateSearch: ({ edit }): { edit?: boolean } => (edit === true ? { edit } : {}),
  component: lazyRouteComponent(() => import("./EnvironmentPage"), "EnvironmentPage"),
});

const list = (search: Record<string, unknown>): MachineSearch => searchOf(search);
const machines = createRoute({
  getParentRoute: () => spaceRoute,
  path: "infrastructure/machines",
  validateSearch: list,
  component: lazyRouteComponent(() => import("./MachinesPage"), "MachinesPage"),
});
const workers = createRoute({
  getParentRoute: () => spaceRoute,
  path: "infrastructure/workers",
  validateSearch: list,
  component: lazyRouteComponent(() => import("./WorkersPage"), "WorkersPage"),
});

const adding = (search: Record<string, unknown>): AddSearch => addSearchOf(search);
const addMachine = createRoute({
  getParentRoute: () => spaceRoute,
  path: "infrastructure/machines/add",
  validateSearch: adding,
  component: lazyRouteComponent(() => import("./AddPage"), "AddTargetPage"),
});
const addWorker = createRoute({
  getParentRoute: () => spaceRoute,
  path: "infrastructure/workers/add",
  validateSearch: adding,
  component: lazyRouteComponent(() => import("./AddPage"), "AddWorkerPage"),
});

const tabs = ({ tab }: Record<string, unknown>): { tab?: "settings" | "script" } =>
  tab === "settings" || tab === "script" ? { tab } : {};
const machine = createRoute({
  getParentRoute: () => spaceRoute,
  path: "infrastructure/machines/$machine",
  validateSearch: tabs,
  component: lazyRouteComponent(() => import("./MachinePage"), "TargetPage"),
});
const worker = createRoute({
  getParentRoute: () => spaceRoute,
  path: "infrastructure/workers/$machine",
  validateSearch: tabs,
  component: lazyRouteComponent(() => import("./MachinePage"), "WorkerPage"),
});

const policies = createRoute({
  getParentRoute: () => spaceRoute,
  path: "infrastructure/policies",
  component: lazyRouteComponent(() => import("./PoliciesPage"), "PoliciesPage"),
});
const policy = createRoute({
  getParentRoute: () => spaceRoute,
  path: "infrastructure/policies/$policy",
  component: lazyRouteComponent(() => import("./PolicyPage"), "PolicyPage"),
});
const proxies = createRoute({
  getParentRoute: () => spaceRoute,
  path: "infrastructure/proxies",
  validateSearch: ({ open }): { open?: string } => (typeof open === "string" && open ? { open } : {}),
  component: lazyRouteComponent(() => import("./ProxiesPage"), "ProxiesPage"),
});

export const infrastructureRoutes = [
  environments,
  environment,
  machines,
  workers,
  addMachine,
  addWorker,
  machine,
  worker,
  policies,
  policy,
  proxies,
] as const;
