/** What other features may use of certificates: files as the API takes them. */
export { base64Of } from "./data";
