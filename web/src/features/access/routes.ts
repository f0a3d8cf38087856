import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frameRoute, spaceRoute, systemRoute } from "../../shell/tree";

const word = (value: unknown): string | undefined =>
  value === undefined || value === null || value === "" ? undefined : String(value);

/** What lists say in the address: the text they are filtered by. */
export interface ListSearch {
  q?: string;
}

const listSearch = (search: Record<string, unknown>): ListSearch => ({ q: word(search.q) });

/** What pages of people say: the tab, and the question that is being answered. */
export interface PersonSearch {
  tab?: string;
  q?: string;
  space?: string;
  permission?: string;
  project?: string;
  environment?: string;
}

const personSearch = (search: Record<string, unknown>): PersonSearch => ({
  tab: word(search.tab),
  q: word(search.q),
  space: word(search.space),
  permission: word(search.permission),
  project: word(search.project),
  environment: word(search.environment),
});

const users = createRoute({
  getParentRoute: () => systemRoute,
  path: "users",
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./UsersPage"), "UsersPage"),
});
const user = createRoute({
  getParentRoute: () => systemRoute,
  path: "users/$user",
  validateSearch: personSearch,
  component: lazyRouteComponent(() => import("./UserPage"), "UserPage"),
});
const profile = createRoute({
  getParentRoute: () => frameRoute,
  path: "profile",
  validateSearch: personSearch,
  component: lazyRouteComponent(() => import("./ProfilePage"), "ProfilePage"),
});
const teamsPage = lazyRouteComponent(() => import("./TeamsPage"), "TeamsPage");
const teamPage = lazyRouteComponent(() => import("./TeamPage"), "TeamPage");
const teams = createRoute({
  getParentRoute: () => systemRoute,
  path: "teams",
  validateSearch: listSearch,
  component: teamsPage,
});
const team = createRoute({ getParentRoute: () => systemRoute, path: "teams/$team", component: teamPage });
const spaceTeams = createRoute({
  getParentRoute: () => spaceRoute,
  path: "teams",
  validateSearch: listSearch,
  component: teamsPage,
});
const spaceTeam = createRoute({ getParentRoute: () => spaceRoute, path: "teams/$team", component: teamPage });
const roles = createRoute({
  getParentRoute: () => systemRoute,
  path: "roles",
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./RolesPage"), "RolesPage"),
});
const role = createRoute({
  getParentRoute: () => systemRoute,
  path: "roles/$role",
  validateSearch: (search: Record<string, unknown>): { from?: string; q?: string } => ({
    from: word(search.from),
    q: word(search.q),
  }),
  component: lazyRouteComponent(() => import("./RolePage"), "RolePage"),
});

/** The teams of a space. */
export const accessRoutes = [spaceTeams, spaceTeam] as const;

/** Users, teams and roles of the server. */
export const systemAccessRoutes = [users, user, teams, team, roles, role] as const;

/** One's own page. */
export const profileRoutes = [profile] as const;
