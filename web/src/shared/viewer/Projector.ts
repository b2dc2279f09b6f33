import { lookupTable } from "./greys";
import type { Film } from "./film";
import { paint, tableKey } from "./paint";
import { isInverted, settled, startView, windowOf, zoomed, zoomOf, type Change, type Stage, type View } from "./view";

/** What takes longer is drawn with fewer pixels for the rest of the movement: another 6 ms of a frame are the browser's. */
const budgetMs = 10;
/** The film is at rest when it was not moved for so long. */
const restMs = 140;

/** What a projector shows now; another object after each change. */
export interface Shown {
  view: View;
  stage: Stage;
}

/** Shows one film on one canvas. It draws once a frame, and only after a change. */
export class Projector {
  private shown: Shown;
  private readonly listeners = new Set<() => void>();
  private canvas: HTMLCanvasElement | null = null;
  private image: ImageData | null = null;
  private table: { key: string; film: Film; colours: Uint32Array } | null = null;
  private frame = 0;
  private rest = 0;
  private moving = false;
  /** Pixels of the canvas for each CSS pixel while the film moves. */
  private pace = 1;

  constructor(base: Stage["base"]) {
    this.shown = { view: startView, stage: { paneWidth: 0, paneHeight: 0, density: 1, film: null, base } };
  }

  /** Tells after each frame in which something changed. Returns how to stop. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly now = (): Shown => this.shown;

  /** @param moving while a hand moves the film: speed counts more than sharpness. */
  change(change: Change, moving = false): void {
    const { view, stage } = this.shown;
    this.show({ view: change(view, stage), stage }, moving);
  }

  /** Whether there is more to see, or less, in this direction. */
  wouldZoom(factor: number): boolean {
    const { view, stage } = this.shown;
    return stage.film !== null && zoomOf(zoomed(factor)(view, stage), stage) !== zoomOf(view, stage);
  }

  /** Where the film is shown, or another film. */
  place(change: Partial<Stage>): void {
    const stage = { ...this.shown.stage, ...change };
    this.show({ stage, view: settled(this.shown.view, stage) }, false);
  }

  /** Draws on this canvas from now on; on none where there is none. */
  readonly attach = (canvas: HTMLCanvasElement | null): void => {
    this.canvas = canvas;
    if (canvas) this.show({ ...this.shown }, false);
    else this.stop();
  };

  private show(shown: Shown, moving: boolean): void {
    this.shown = shown;
    clearTimeout(this.rest);
    if (moving) {
      if (!this.moving) this.pace = Math.min(1, shown.stage.density);
      this.rest = window.setTimeout(() => this.show({ ...this.shown }, false), restMs);
    }
    this.moving = moving;
    if (this.frame === 0) this.frame = requestAnimationFrame(this.draw);
  }

  private stop(): void {
    clearTimeout(this.rest);
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.image = null;
  }

  private readonly draw = (): void => {
    this.frame = 0;
    const began = performance.now();
    this.paint();
    if (this.moving && performance.now() - began > budgetMs && this.pace > 0.5) this.pace = Math.max(0.5, this.pace * 0.75);
    for (const listener of [...this.listeners]) listener();
  };

  private paint(): void {
    const { canvas } = this;
    const { view, stage } = this.shown;
    const context = canvas?.getContext("2d", { alpha: false });
    const density = this.moving ? this.pace : stage.density;
    const width = Math.round(stage.paneWidth * density);
    const height = Math.round(stage.paneHeight * density);
    if (!canvas || !context || !stage.film || width === 0 || height === 0) return;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    if (this.image?.width !== width || this.image.height !== height) this.image = context.createImageData(width, height);
    paint(new Uint32Array(this.image.data.buffer), width, height, view, stage, this.colours(view, stage, stage.film));
    context.putImageData(this.image, 0, 0);
  }

  private colours(view: View, stage: Stage, film: Film): Uint32Array {
    const key = tableKey(view, stage);
    if (this.table?.key !== key || this.table.film !== film) {
      this.table = { key, film, colours: lookupTable(windowOf(view, stage), film.maximum, isInverted(view, stage)) };
    }
    return this.table.colours;
  }
}
