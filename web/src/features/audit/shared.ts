/** What other features take of the audit trail: who has saved what they edit. */
export { SavedByOther } from "./SavedByOther";
