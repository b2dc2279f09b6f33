import { useEffect, useState } from "react";
import type { Upload } from "../api/uploads";
import { isAbort, requestBytes } from "../http";
import { filmOf, filmOfPreview, samplesOf, type Film } from "./film";
import { pixelsOf } from "./heat";

/** A picture to show. More is shown of an upload that the server has told all about. */
export type FilmSource = Pick<Upload, "id" | "preview"> & Partial<Upload>;

/** `reduced`: the preview is all that there is. */
export type FilmState = "loading" | "preview" | "full" | "reduced" | "broken";

export interface LoadedFilm {
  film: Film | null;
  state: FilmState;
  /** Address of the preview. */
  preview: string;
  /** The preview is there. */
  onPreview: (image: HTMLImageElement) => void;
  onPreviewFailed: () => void;
}

/** Whoever leafs through a file doesn't want the samples of every picture in it. */
const leafingMs = 250;

/** An address with parameters; those without a value are left out. */
export function withParameters(path: string, parameters: Record<string, number | null>): string {
  const asked = Object.entries(parameters).flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]));
  return asked.length === 0 ? path : `${path}${path.includes("?") ? "&" : "?"}${asked.join("&")}`;
}

/** The film of one picture in a file: first of its preview, then of its samples. */
export function useFilm(source: FilmSource, frame: number): LoadedFilm {
  const which = frame > 0 ? frame : null;
  const preview = withParameters(source.preview, { width: 1600, frame: which });
  const samples = source.samples ? withParameters(source.samples, { frame: which }) : null;
  const [early, setEarly] = useState<{ preview: string; film: Film | null } | null>(null);
  const [late, setLate] = useState<{ samples: string; film: Film | null } | null>(null);

  useEffect(() => {
    if (!samples) return;
    const abort = new AbortController();
    const load = async () => {
      try {
        const film = await filmOf(samplesOf(await requestBytes(samples, abort.signal)), () => whenIdle(abort.signal));
        if (!abort.signal.aborted) setLate({ samples, film });
      } catch (error) {
        if (!abort.signal.aborted && !isAbort(error)) setLate({ samples, film: null });
      }
    };
    const timer = setTimeout(() => void load(), which === null ? 0 : leafingMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [samples]);

  const full = late && late.samples === samples ? late : null;
  const first = early && early.preview === preview ? early : null;
  const isOver = samples === null || (full !== null && full.film === null);
  const film = full?.film ?? first?.film ?? null;
  return {
    film, preview,
    state: full?.film ? "full" : film ? (isOver ? "reduced" : "preview") : first && isOver ? "broken" : "loading",
    onPreview: (image) => {
      const { naturalWidth: width, naturalHeight: height } = image;
      const pixels = width > 0 && height > 0 ? pixelsOf(image, width, height) : null;
      setEarly({ preview, film: pixels && filmOfPreview(pixels, width, height, source) });
    },
    onPreviewFailed: () => setEarly({ preview, film: null }),
  };
}

/** Waits until the browser has nothing else to do, but not for ever. */
function whenIdle(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = () => (signal.aborted ? reject(new DOMException("aborted", "AbortError")) : resolve());
    if (typeof window.requestIdleCallback === "function") window.requestIdleCallback(go, { timeout: 200 });
    else setTimeout(go, 0);
  });
}
