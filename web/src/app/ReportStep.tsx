// What comes after the picture was analysed, besides the result: a script of its own.
export { ReadingBeside } from "../features/reading/ReadingBeside";
export { ReadingFirst } from "../features/reading/ReadingFirst";
export { ReportsPane } from "../features/reports/ReportsPane";
