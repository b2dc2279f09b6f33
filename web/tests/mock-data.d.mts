import type { Limits } from "../src/shared/api/limits";
import type { Result } from "../src/shared/api/result";
import type { Questionnaire } from "../src/features/history/questionnaire";
import type { Sample } from "../src/features/picture/Samples";

export const limits: Limits;
export const result: Result;
export const questionnaire: Questionnaire;
export const samples: Sample[];
