import { panned, windowed, zoomed, type Change } from "./view";

/** What dragging with the first button or one finger does. */
export type Tool = "pan" | "window";

/** What a hand on the film can do. */
export interface Hands {
  /** The tool now; the space bar held makes it "pan". */
  tool: () => Tool;
  change: (change: Change, moving: boolean) => void;
  /** A drag has begun: this film is the one that is meant. */
  begin: () => void;
  /** A drag, or a turn of the wheel, has come to its end. */
  end: () => void;
  /** Whether the wheel would change something; if not, the page scrolls. */
  wouldZoom: (factor: number) => boolean;
}

/** Two fingers move apart or together, or else go somewhere: it is decided after so many CSS pixels. */
const decidedFrom = 10;

interface Finger {
  x: number;
  y: number;
}

type Drag = Tool | "undecided" | "pinch";

/** Reads mouse, pen and fingers on an element. Returns how to stop. */
export function readHands(element: HTMLElement, hands: Hands): () => void {
  const fingers = new Map<number, Finger>();
  let drag: Drag | null = null;
  let beginning: { x: number; y: number; apart: number } | null = null;

  /** Between the fingers, and how far apart they are. */
  const middle = () => {
    const [one, second] = [...fingers.values()] as [Finger, Finger?];
    const two = second ?? one;
    return { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2, apart: Math.hypot(one.x - two.x, one.y - two.y) };
  };
  const fromMiddle = (x: number, y: number) => {
    const box = element.getBoundingClientRect();
    return { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 };
  };

  const down = (event: PointerEvent) => {
    if (event.pointerType === "touch" ? fingers.size > 1 : fingers.size > 0) return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    try {
      element.setPointerCapture(event.pointerId);
    } catch {
      // The finger is gone already.
    }
    // The middle button would scroll by itself.
    if (event.button === 1) event.preventDefault();
    hands.begin();
    if (fingers.size === 2) {
      drag = "undecided";
      beginning = middle();
    } else {
      drag = event.button === 2 ? "window" : event.button === 1 ? "pan" : hands.tool();
    }
  };

  const move = (event: PointerEvent) => {
    if (!fingers.has(event.pointerId) || !drag) return;
    const before = middle();
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = middle();
    const [dx, dy] = [after.x - before.x, after.y - before.y];
    if (drag === "undecided" && beginning) {
      const spread = Math.abs(after.apart - beginning.apart);
      const way = Math.hypot(after.x - beginning.x, after.y - beginning.y);
      if (Math.max(spread, way) < decidedFrom) return;
      drag = spread > way ? "pinch" : "window";
    }
    if (drag === "pinch") {
      const [pinch, place] = [zoomed(after.apart / Math.max(1, before.apart), fromMiddle(after.x, after.y)), panned(dx, dy)];
      hands.change((view, stage) => place(pinch(view, stage), stage), true);
    } else if (drag === "pan") {
      hands.change(panned(dx, dy), true);
    } else if (drag === "window") {
      hands.change(windowed(dx, dy), true);
    }
  };

  const up = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId)) return;
    // The finger that stays after a pinch does nothing.
    drag = null;
    hands.end();
  };

  const wheel = (event: WheelEvent) => {
    const lines = event.deltaMode === 1 ? 18 : event.deltaMode === 2 ? 400 : 1;
    const factor = Math.exp(-Math.max(-240, Math.min(240, event.deltaY * lines)) * (event.ctrlKey ? 0.01 : 0.002));
    if (!hands.wouldZoom(factor) && !event.ctrlKey) return;
    event.preventDefault();
    hands.change(zoomed(factor, fromMiddle(event.clientX, event.clientY)), true);
    hands.end();
  };

  const menu = (event: Event) => event.preventDefault();
  // Two fingers would scroll the page, where one is let.
  const touch = (event: TouchEvent) => {
    if (event.touches.length > 1) event.preventDefault();
  };

  const listeners: [string, (event: never) => void, AddEventListenerOptions?][] = [
    ["pointerdown", down], ["pointermove", move], ["pointerup", up], ["pointercancel", up],
    ["wheel", wheel, { passive: false }], ["contextmenu", menu],
    ["touchstart", touch, { passive: false }], ["touchmove", touch, { passive: false }],
  ];
  for (const [name, listener, options] of listeners) element.addEventListener(name, listener as EventListener, options);
  return () => {
    for (const [name, listener] of listeners) element.removeEventListener(name, listener as EventListener);
  };
}
