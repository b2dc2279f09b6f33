import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from "react";
import { texts } from "../texts";
import { FilmLabels } from "./FilmLabels";
import { readHands, type Hands, type Tool } from "./pointing";
import { spacingOf } from "./scale";
import { isLateralView, sidesOf } from "./sides";
import { dateTold, nameTold, sidesTold } from "./telling";
import type { Projector } from "./Projector";
import { useFilm, type FilmSource } from "./useFilm";
import { placementOf } from "./view";

const words = texts.viewer;
/** Of the element that shows a heat map, in CSS pixels; viewer.css has the same. */
const heatWidth = 384;

/** The heat map that lies over a film. */
export interface Heat {
  address: string;
  alt: string;
  /** 0...1. */
  opacity: number;
  onLoad: (image: HTMLImageElement) => void;
  onError: () => void;
}

export interface FilmPaneProps {
  projector: Projector;
  source: FilmSource;
  frame: number;
  /** The person's name or pseudonym, where the page knows it. */
  patient?: string | null;
  /** From where it was taken, where the model had to estimate it. */
  estimatedView?: string | null;
  alt: string;
  /** Two films lie side by side, and this is the one that keys and buttons mean. */
  isActive?: boolean;
  isNamed?: boolean;
  tool: Tool;
  heat?: Heat | null;
  hands: Omit<Hands, "tool" | "wouldZoom">;
}

/** One film in its frame, with the pointer, the fingers and the labels on it. */
export function FilmPane(props: FilmPaneProps) {
  const { projector, source, frame, heat, tool } = props;
  const loaded = useFilm(source, frame);
  const { film } = loaded;
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLImageElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const isSpaceHeld = useRef(false);
  // Where all is seen there is nothing to move: a finger moves the page.
  const isStill = useSyncExternalStore(projector.subscribe, () => projector.now().view.zoom === null) && tool === "pan";
  const { turned } = useSyncExternalStore(projector.subscribe, () => projector.now().view);

  useLayoutEffect(() => projector.place({ film }), [film]);

  useLayoutEffect(() => {
    const element = stage.current;
    if (!element) return undefined;
    const measure = () => projector.place({ paneWidth: element.clientWidth, paneHeight: element.clientHeight, density: window.devicePixelRatio || 1 });
    measure();
    projector.attach(canvas.current);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const stop = readHands(element, {
      tool: () => (isSpaceHeld.current ? "pan" : latest.current.tool),
      wouldZoom: (factor) => projector.wouldZoom(factor),
      change: (change, moving) => latest.current.hands.change(change, moving),
      begin: () => {
        canvas.current?.focus({ preventScroll: true });
        latest.current.hands.begin();
      },
      end: () => latest.current.hands.end(),
    });
    return () => {
      stop();
      observer.disconnect();
      projector.attach(null);
    };
  }, [projector]);

  const address = heat?.address;
  useLayoutEffect(() => {
    if (!address) return undefined;
    const place = () => {
      const image = overlay.current;
      const { view, stage } = projector.now();
      if (image) image.style.transform = `matrix(${placementOf(view, stage, heatWidth).join(",")})`;
    };
    place();
    return projector.subscribe(place);
  }, [projector, address]);

  // Through the object model: the page's policy allows no style attributes.
  useEffect(() => {
    overlay.current?.style.setProperty("opacity", String(heat?.opacity ?? 1));
  }, [heat?.opacity, address]);

  const { base } = projector.now().stage;
  const dicom = source.dicom;
  const fileView = source.capturedView ?? dicom?.viewPosition;
  const sides = sidesOf({ patientOrientation: dicom?.patientOrientation, isLateral: isLateralView(fileView), base, turned });
  const isPlain = base.turn === 0 && !base.mirror && !base.invert;
  const facts = {
    patient: (props.patient ?? "").trim() || nameTold(dicom?.patientName) || words.noName,
    date: dicom?.studyDate ? dateTold(dicom.studyDate) : "",
    fileName: props.isNamed ? source.fileName ?? "" : "",
    view: fileView ? words.view(fileView) : props.estimatedView ? words.viewEstimated(props.estimatedView) : words.viewUnknown,
    frame: (source.frames ?? 1) > 1 ? words.frame(frame + 1, source.frames ?? 1) : "",
    depth: loaded.state === "full" && film ? words.depth(film.bits) : words.previewDepth,
  };
  const told = `${source.id}-${frame}-told`;
  const holdSpace = (held: boolean) => () => {
    isSpaceHeld.current = held;
  };
  return (
    <div className="film-pane">
      <div className={`film-stage${isStill ? " film-still" : ""}${props.isActive ? " film-active" : ""}`} ref={stage} data-tool={tool} data-state={loaded.state}>
        {loaded.state === "broken" ? (
          <p className="film-note" role="alert">
            {words.failed}
          </p>
        ) : (
          <img
            className={film || !isPlain ? "film-preview film-covered" : "film-preview"}
            key={loaded.preview}
            src={loaded.preview}
            alt=""
            onLoad={(event) => loaded.onPreview(event.currentTarget)}
            onError={loaded.onPreviewFailed}
          />
        )}
        <canvas
          ref={canvas}
          className={film ? "film-canvas" : "film-canvas film-empty"}
          role="img"
          tabIndex={0}
          aria-label={props.alt}
          aria-describedby={told}
          onKeyDown={(event) => {
            if (event.key !== " ") return;
            event.preventDefault();
            isSpaceHeld.current = true;
          }}
          onKeyUp={holdSpace(false)}
          onBlur={holdSpace(false)}
        />
        {heat && (
          <img
            ref={overlay}
            key={heat.address}
            className={film ? "heat" : "heat film-covered"}
            src={heat.address}
            alt={heat.alt}
            draggable={false}
            onLoad={(event) => heat.onLoad(event.currentTarget)}
            onError={heat.onError}
          />
        )}
        <FilmLabels projector={projector} facts={facts} sides={sides} spacing={spacingOf(dicom)} />
        <p className="unseen" id={told}>
          {words.edges(sidesTold(sides))}
        </p>
        {loaded.state === "preview" && <p className="film-loading">{words.loading}</p>}
      </div>
      {loaded.state === "reduced" && <p className="film-remark">{words.fromPreview}</p>}
    </div>
  );
}
