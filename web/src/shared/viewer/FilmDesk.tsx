import { useEffect, useId, useMemo, useRef, useState, type FocusEvent, type KeyboardEvent } from "react";
import { texts } from "../texts";
import { commandOf, type Desk } from "./commands";
import { FilmPane } from "./FilmPane";
import { HeatControls } from "./HeatControls";
import { pixelsOf, strongestNinths, type Ninth } from "./heat";
import { KeyHelp } from "./KeyHelp";
import { upright } from "./orientation";
import type { Hands, Tool } from "./pointing";
import { Projector, type Shown } from "./Projector";
import { isLateralView, sidesOf } from "./sides";
import { changeTold, influenceTold } from "./telling";
import { Toolbar } from "./Toolbar";
import type { ViewerProps } from "./Viewer";
import { reset, type Change } from "./view";

const words = texts.viewer;
const asItIs = { ...upright, invert: false };
/** Heat maps are read in this size. */
const heatPixels = 96;
/** What a hand does is told once it rests. */
const tellingMs = 500;

/** One film or two on the light box, with everything that can be done with them. */
export function FilmDesk({ upload, adjustment, frame: firstFrame = 0, patient, estimatedView, alt, findings = [], shownId = null, onShow, onFrame, others = [] }: ViewerProps) {
  const base = adjustment ?? asItIs;
  const main = useMemo(() => new Projector(base), [base.turn, base.mirror, base.invert]);
  const side = useMemo(() => new Projector(asItIs), []);
  const [tool, setTool] = useState<Tool>("pan");
  const [frames, setFrames] = useState({ main: firstFrame, side: 0 });
  const [sideId, setSideId] = useState("");
  const [isLinked, setIsLinked] = useState(true);
  const [active, setActive] = useState<"main" | "side">("main");
  const [helps, setHelps] = useState(false);
  const [opacity, setOpacity] = useState(65);
  const [heatOf, setHeatOf] = useState<{ address: string; ninths: Ninth[] | null } | null>(null);
  const [said, setSaid] = useState("");
  const [lastShown, setLastShown] = useState<string | null>(null);
  const telling = useRef<{ before: Shown; timer: number } | null>(null);
  const desk = useRef<HTMLDivElement>(null);
  const compareId = useId();

  const isComparable = others.some(({ id }) => id !== upload.id);
  const beside = others.find(({ id }) => id === sideId && id !== upload.id) ?? null;
  const current = beside && active === "side" ? side : main;
  const mapped = findings.filter(({ heatmap }) => heatmap);
  const finding = mapped.find(({ id }) => id === shownId) ?? null;
  const map = finding?.heatmap ?? null;
  const known = heatOf?.address === map ? heatOf : null;
  const broken = map !== null && known?.ninths === null;
  const elsewhere = finding !== null && frames.main !== firstFrame;
  const sides = sidesOf({ patientOrientation: upload.dicom?.patientOrientation, isLateral: isLateralView(upload.capturedView ?? upload.dicom?.viewPosition), base, turned: upright });

  useEffect(() => {
    if (shownId) setLastShown(shownId);
  }, [shownId]);
  useEffect(() => () => clearTimeout(telling.current?.timer), []);

  const apply = (projector: Projector, change: Change, moving: boolean) => {
    const targets = beside && isLinked ? [main, side] : [projector];
    for (const one of targets) one.change(change, moving);
  };
  /** Tells what is different from before, at once or when the hand rests. */
  const tell = (projector: Projector, delay: number) => {
    const { before, timer } = telling.current ?? {};
    clearTimeout(timer);
    if (!before) return;
    telling.current = {
      before,
      timer: window.setTimeout(() => {
        telling.current = null;
        const told = changeTold(before, projector.now());
        if (told) setSaid(told);
      }, delay),
    };
  };
  const remember = (projector: Projector) => {
    telling.current ??= { before: projector.now(), timer: 0 };
  };
  const handsOn = (projector: Projector, name: "main" | "side"): Omit<Hands, "tool" | "wouldZoom"> => ({
    change: (change, moving) => {
      remember(projector);
      apply(projector, change, moving);
    },
    begin: () => setActive(name),
    end: () => tell(projector, tellingMs),
  });

  const count = (which: "main" | "side") => (which === "main" ? upload : beside)?.frames ?? 1;
  const leafable = current === side ? "side" : "main";
  const goTo = (which: "main" | "side", frame: number) => {
    const kept = Math.min(count(which) - 1, Math.max(0, frame));
    setFrames((old) => ({ ...old, [which]: kept }));
    if (which === "main") onFrame?.(kept);
    setSaid(words.frame(kept + 1, count(which)));
  };
  const toolset: Desk = {
    tool,
    setTool: (chosen) => {
      setTool(chosen);
      setSaid(words.commands[chosen]);
    },
    change: (change) => {
      remember(current);
      apply(current, change, false);
      tell(current, 0);
    },
    reset: () => {
      for (const one of [main, side]) one.change(reset);
      setTool("pan");
      setOpacity(65);
      setSaid(words.commands.reset);
    },
    stepFrame: (by) => goTo(leafable, frames[leafable] + by),
    toggleHeat: () => onShow?.(finding ? null : lastShown ?? mapped[0]?.id ?? null),
    toggleWhole: () => void (document.fullscreenElement ? document.exitFullscreen() : desk.current?.requestFullscreen()),
    toggleHelp: () => setHelps(!helps),
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as Element;
    // These know what to do with keys themselves.
    if (target.closest("dialog, select, input")) return;
    const command = commandOf(event);
    if (!command) return;
    if (/Frame$/.test(command.name) && count(leafable) < 2) return;
    if (command.name === "heat" && mapped.length === 0) return;
    event.preventDefault();
    command.perform(toolset, event.key);
  };
  // What lies behind the whole screen isn't seen: the focus doesn't stay there.
  const onBlur = (event: FocusEvent) => {
    const next = event.relatedTarget as Node | null;
    if (next && document.fullscreenElement === desk.current && !desk.current?.contains(next)) void document.exitFullscreen();
  };

  return (
    <div className="film film-desk" role="region" aria-label={words.region} ref={desk} onKeyDown={onKeyDown} onBlur={onBlur}>
      <Toolbar
        desk={toolset}
        projector={current}
        heat={mapped.length === 0 ? "none" : finding ? "on" : "off"}
        canBeWhole={Boolean(document.fullscreenEnabled)}
      />
      <div className={beside ? "film-panes film-two" : "film-panes"}>
        <FilmPane
          projector={main}
          source={upload}
          frame={frames.main}
          patient={patient}
          estimatedView={estimatedView}
          alt={alt ?? words.alt(upload.fileName ?? "")}
          isActive={beside !== null && active === "main"}
          isNamed={beside !== null}
          tool={tool}
          hands={handsOn(main, "main")}
          heat={
            map && finding && !broken && !elsewhere
              ? {
                  address: map,
                  alt: texts.results.heatmapAlt(finding.name),
                  opacity: opacity / 100,
                  onLoad: (image) => {
                    const pixels = pixelsOf(image, heatPixels, heatPixels);
                    setHeatOf({ address: map, ninths: pixels ? strongestNinths(pixels, heatPixels, heatPixels) : [] });
                  },
                  onError: () => setHeatOf({ address: map, ninths: null }),
                }
              : null
          }
        />
        {beside && (
          <FilmPane
            key={beside.id}
            projector={side}
            source={beside}
            frame={frames.side}
            alt={words.alt(beside.fileName)}
            isActive={active === "side"}
            isNamed
            tool={tool}
            hands={handsOn(side, "side")}
          />
        )}
      </div>
      <p className="unseen" role="status">
        {said}
      </p>
      {(mapped.length > 0 || isComparable || count(leafable) > 1) && (
        <div className="film-caption viewer-controls">
          {count(leafable) > 1 && (
            <label className="viewer-row">
              {words.frameLabel}
              <input
                type="range"
                min={1}
                max={count(leafable)}
                value={frames[leafable] + 1}
                aria-valuetext={words.frame(frames[leafable] + 1, count(leafable))}
                onChange={(event) => goTo(leafable, Number(event.target.value) - 1)}
              />
            </label>
          )}
          {mapped.length > 0 && (
            <HeatControls
              findings={mapped}
              shown={finding}
              broken={broken}
              elsewhere={elsewhere ? words.otherFrame(firstFrame + 1) : ""}
              opacity={opacity}
              where={known?.ninths ? influenceTold(known.ninths, sides) : ""}
              onShow={(id) => onShow?.(id)}
              onOpacity={setOpacity}
            />
          )}
          {isComparable && (
            <div className="viewer-row">
              <label htmlFor={compareId}>{words.compare}</label>
              <select
                id={compareId}
                value={beside?.id ?? ""}
                onChange={(event) => {
                  setSideId(event.target.value);
                  setFrames({ ...frames, side: 0 });
                  setActive("main");
                  side.change(() => main.now().view);
                }}
              >
                <option value="">{words.compareNone}</option>
                {others
                  .filter(({ id }) => id !== upload.id)
                  .map(({ id, fileName }) => (
                    <option key={id} value={id}>
                      {fileName}
                    </option>
                  ))}
              </select>
              {beside && (
                <label className="film-check">
                  <input type="checkbox" checked={isLinked} onChange={(event) => setIsLinked(event.target.checked)} /> {words.linked}
                </label>
              )}
            </div>
          )}
          {beside && <p>{words.compareNote}</p>}
        </div>
      )}
      {helps && <KeyHelp onClose={() => setHelps(false)} />}
    </div>
  );
}
