import { serverLang } from "../../shared/texts";
import type { ItemTexts, QuestionnaireTexts } from "../../shared/texts/questionnaire";
import type { Item, Questionnaire } from "./questionnaire";

/**
 * The questionnaire in the language of the page. What the translation lacks stays as the server says it, and says that
 * it is in another language.
 *
 * @param words none where the page speaks the server's language.
 */
export function translated(questionnaire: Questionnaire, words: QuestionnaireTexts | null): Questionnaire {
  if (!words) return questionnaire;
  return { ...questionnaire, item: questionnaire.item.map((item) => translatedItem(item, words)) };
}

function translatedItem(item: Item, words: QuestionnaireTexts): Item {
  const known = words.items[item.linkId];
  return {
    ...item,
    ...(known ? { text: known.text, prefix: known.prefix ?? known.text } : { lang: serverLang() }),
    ...(item.answerOption ? { answerOption: optionsOf(item, known, words) } : {}),
    ...(item.extension ? { extension: extensionsOf(item, words) } : {}),
    ...(item.item ? { item: item.item.map((child) => (child.type === "display" ? helpIn(child, known) : translatedItem(child, words))) } : {}),
  };
}

function helpIn(child: Item, known: ItemTexts | undefined): Item {
  return known?.help ? { ...child, text: known.help } : { ...child, lang: serverLang() };
}

function optionsOf(item: Item, known: ItemTexts | undefined, words: QuestionnaireTexts): Item["answerOption"] {
  return item.answerOption?.map(({ valueCoding }) => {
    const display = known?.options?.[valueCoding.code] ?? words.options[valueCoding.code];
    return { valueCoding: display ? { ...valueCoding, display } : { ...valueCoding, lang: serverLang() } };
  });
}

function extensionsOf(item: Item, words: QuestionnaireTexts): Item["extension"] {
  return item.extension?.map((extension) => {
    const display = extension.valueCoding && words.units[extension.valueCoding.code ?? ""];
    return display ? { ...extension, valueCoding: { ...extension.valueCoding, display } } : extension;
  });
}
