/** What other features may use of accounts: the form that makes one. */
export { NewAccount } from "./NewAccount";
