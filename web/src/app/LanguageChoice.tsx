import { chooseLanguage, language, languages, texts } from "../shared/texts";

/** The languages, each under its own name. Buttons: a list that acts while it is looked through would load the page. */
export function LanguageChoice({ onChoose = chooseLanguage }: { onChoose?: (code: string) => void }) {
  return (
    <nav className="languages" aria-label={texts.language}>
      <ul>
        {languages.map(({ code, name, direction }) => (
          <li key={code}>
            <button
              type="button"
              className="button text"
              lang={code}
              dir={direction}
              aria-current={code === language ? "true" : undefined}
              onClick={() => onChoose(code)}
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
