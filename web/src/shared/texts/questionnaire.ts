/**
 * The words of the questionnaire in another language than the server's. It changes more often than the page: what has
 * no words here is shown in English.
 */
export interface QuestionnaireTexts {
  /** The version of the questionnaire that was translated. */
  version: string;
  /** By link id: of a topic, of a question, and of a column of a list as `list.column`. */
  items: Record<string, ItemTexts>;
  /** Options that mean the same in every question, by code. */
  options: Record<string, string>;
  /** By UCUM code. */
  units: Record<string, string>;
}

export interface ItemTexts {
  text: string;
  /** The short name, where it is another than the text. */
  prefix?: string;
  /** The help of a question, or the lead of a topic. */
  help?: string;
  /** By code; they go before those that all questions share. */
  options?: Record<string, string>;
}
