import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frameRoute, spaceRoute, systemRoute } from "../../shell/tree";
import { listSearch, personSearch, roleSearch } from "./search";

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
  validateSearch: roleSearch,
  component: lazyRouteComponent(() => import("./RolePage"), "RolePage"),
});

/** The teams of a space. */
export const accessRoutes = [spaceTeams, spaceTeam] as const;

/** Users, teams and roles of the server. */
export const systemAccessRoutes = [users, user, teams, team, roles, role] as const;

/** One's own page. */
export const profileRoutes = [profile] as const;
