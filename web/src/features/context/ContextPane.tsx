import { useEffect, useRef, useState, type ReactNode } from "react";
import { questionOf, withhold, type ContextFile, type ContextLine } from "../../shared/api/context";
import { count } from "../../shared/format";
import { serverLang, texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { Notice, ProblemNotice } from "../../shared/ui/Notice";
import { Pane } from "../../shared/ui/Pane";
import { TellSwitch } from "./TellSwitch";

const words = texts.context;

interface ContextPaneProps {
  file: ContextFile;
  /** The short name of a question, where it is known. */
  nameOf: (question: string) => { text: string; lang?: string | undefined };
  onChanged: (file: ContextFile) => void;
}

/** The exact text that the assistant is given, and what is kept from it. */
export function ContextPane({ file, nameOf, onChanged }: ContextPaneProps) {
  const [said, setSaid] = useState("");
  /** The question whose switch moves to the other list, and takes the focus along. */
  const moved = useRef<string | null>(null);
  const change = useAction(async (question: string, isWithheld: boolean) => {
    const next = await withhold(question, isWithheld);
    moved.current = question;
    setSaid(isWithheld ? words.nowWithheld(nameOf(question).text) : words.nowShared(nameOf(question).text));
    onChanged(next);
  });
  useEffect(() => {
    if (moved.current === null) return;
    const switches = [...document.querySelectorAll<HTMLElement>("[data-question]")];
    switches.find(({ dataset }) => dataset.question === moved.current)?.focus();
    moved.current = null;
  }, [file]);

  const sections = file.sections
    .map((section) => ({ ...section, lines: file.lines.filter((line) => line.section === section.id) }))
    .filter(({ id, lines }) => lines.length > 0 || id === "history");
  const toggle = (question: string, told: boolean) => (
    <TellSwitch question={question} name={nameOf(question)} told={told} busy={change.busy} onToggle={() => void change.run(question, told)} />
  );
  return (
    <>
      <Notice>
        <p>{words.reportSays}</p>
        <p>{words.tokens(count(file.tokens), count(file.tokenBudget))}</p>
        {file.leftOut > 0 && <p>{words.leftOut(file.leftOut)}</p>}
        <p className="actions">
          <button type="button" className="button quiet" onClick={() => window.print()}>
            {words.print}
          </button>
        </p>
      </Notice>
      <p className="unseen" role="status">
        {said}
      </p>
      {change.problem && <ProblemNotice problem={change.problem} title={words.failed} />}
      <Pane title={words.withheldTitle} className="context-withheld">
        {file.withheld.length === 0 ? (
          <p className="empty">{words.nothingWithheld}</p>
        ) : (
          <ul className="context-lines">
            {file.withheld.map((question) => (
              <li key={question}>
                <span className="context-text" lang={nameOf(question).lang}>
                  {nameOf(question).text}
                </span>
                {toggle(question, false)}
              </li>
            ))}
          </ul>
        )}
      </Pane>
      <Pane title={words.textTitle} className="context-file">
        <p lang={serverLang()}>{file.preamble}</p>
        {sections.map(({ id, title, lines }) => (
          <section key={id} aria-labelledby={`context-${id}`}>
            <h3 id={`context-${id}`} lang={serverLang()}>
              {title}
            </h3>
            {lines.length === 0 ? (
              <p className="empty">{words.noHistory}</p>
            ) : (
              <ul className="context-lines">
                {lines.map((line, index) => (
                  <Line key={line.id} line={line}>
                    {isFirst(lines, index) ? toggle(questionOf(line)!, true) : null}
                  </Line>
                ))}
              </ul>
            )}
          </section>
        ))}
        <details className="technical">
          <summary>{words.asOneText}</summary>
          <pre className="context-markdown" tabIndex={0} lang={serverLang()}>
            {file.markdown}
          </pre>
        </details>
      </Pane>
    </>
  );
}

/** A list of rows is withheld as a whole, so its switch stands at its first line. */
function isFirst(lines: ContextLine[], index: number): boolean {
  const question = lines[index] && questionOf(lines[index]!);
  return question !== null && question !== undefined && lines.findIndex((line) => questionOf(line) === question) === index;
}

function Line({ line, children }: { line: ContextLine; children: ReactNode }) {
  return (
    <li>
      <span className="context-text" lang={serverLang()}>
        <code>[{line.id}]</code> <span dir="auto">{line.text}</span>
      </span>
      {children}
    </li>
  );
}
