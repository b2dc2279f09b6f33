// The log of what was done with the record: a script of its own.
export { AccessLogPage } from "../features/access-log/AccessLogPage";
