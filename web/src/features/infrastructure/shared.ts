/** What other features take of infrastructure: the command that adds a machine. */
export { command as invitationCommand } from "./adding";
/** Targets by a saved filter: a control to choose one, and what it means now. */
export { PickFilter } from "./PickFilter";
export { type Fitting, useFitting } from "./savedFilters";
