import { lazy, Suspense } from "react";
import type { PictureAdjustment } from "../api/adjustment";
import type { Finding } from "../api/result";
import type { Upload } from "../api/uploads";
import { texts } from "../texts";
import type { FilmSource } from "./useFilm";

export interface ViewerProps {
  /** The picture. `id` and `preview` are enough to begin with. */
  upload: FilmSource;
  /** What was done to the picture before it was analysed; the heat maps have it in them. */
  adjustment?: PictureAdjustment | null;
  /** Which picture of the file is shown first, and belongs to the heat maps; from 0. */
  frame?: number;
  /** The person's name or pseudonym, where the page knows it; else the file's is shown. */
  patient?: string | null;
  /** From where it was taken (PA, AP), as the model estimates it; the file's own word goes first. */
  estimatedView?: string | null;
  /** What the picture is, for those who don't see it. */
  alt?: string;
  /** In the order of the page; those without a heat map are left out. */
  findings?: readonly Finding[];
  /** The finding whose heat map is shown. */
  shownId?: string | null;
  onShow?: (id: string | null) => void;
  /** Another picture of the file is shown. */
  onFrame?: (frame: number) => void;
  /** Other pictures of the session, of which one can be laid beside it. */
  others?: readonly Upload[];
}

/** It is as large as all the rest of a page, and only wanted where there is a picture. */
const FilmDesk = lazy(() => import("./FilmDesk").then(({ FilmDesk }) => ({ default: FilmDesk })).catch(() => ({ default: Unloaded })));

/** A picture on a light box: moved, enlarged, brightened, turned, with heat maps and with another picture beside it. */
export function Viewer(props: ViewerProps) {
  return (
    <Suspense fallback={<Preview {...props} />}>
      <FilmDesk {...props} key={`${props.upload.id} ${props.frame ?? 0}`} />
    </Suspense>
  );
}

/** The picture alone, at once. */
function Preview({ upload, alt }: ViewerProps) {
  return (
    <div className="film film-desk">
      <div className="film-stage">
        <img className="film-preview" src={upload.preview} alt={alt ?? texts.viewer.alt(upload.fileName ?? "")} />
      </div>
    </div>
  );
}

function Unloaded(props: ViewerProps) {
  return (
    <>
      <Preview {...props} />
      <p className="film-note" role="alert">
        {texts.viewer.plain}
      </p>
    </>
  );
}
