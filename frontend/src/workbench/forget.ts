/** What the shell calls at sign-out. */
export { forgetPerson } from "./drafts/database";
