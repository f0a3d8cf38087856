/** What other features take of infrastructure: the command that adds a machine. */
export { command as invitationCommand } from "./adding";
