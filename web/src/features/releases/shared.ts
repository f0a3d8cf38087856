/** What other features use of releases. */

export { Builds } from "./Builds";
