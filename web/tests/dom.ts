// A page for the components. It is imported before React, which looks for a window when it is loaded.
import { JSDOM } from "jsdom";

const { window } = new JSDOM('<!doctype html><html lang="en"><body><div id="root"></div></body></html>', {
  url: "http://127.0.0.1:8080/",
});

const taken = [
  "window", "document", "sessionStorage", "localStorage", "navigator", "HTMLElement", "HTMLInputElement", "HTMLTextAreaElement", "HTMLSelectElement", "Node",
  "Event", "MouseEvent", "File", "Blob", "DOMException", "MutationObserver", "getComputedStyle",
] as const;
for (const name of taken) {
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true });
}
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
// jsdom's files can only be read in the old way.
window.Blob.prototype.arrayBuffer ??= function (this: Blob) {
  return new Promise((resolve, reject) => {
    const reader = new window.FileReader();
    reader.onload = () => resolve(new Uint8Array(reader.result as ArrayBuffer).buffer);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(this);
  });
};
// jsdom lays nothing out and draws nothing.
Object.assign(globalThis, {
  requestAnimationFrame: (work: (now: number) => void) => setTimeout(() => work(performance.now()), 0),
  cancelAnimationFrame: (id: number) => clearTimeout(id),
  ResizeObserver: class {
    observe(): void {}
    disconnect(): void {}
  },
});

/** A canvas that remembers what was put on it, and takes the pixels of an image from the image itself. */
class ScriptedContext {
  constructor(private readonly canvas: HTMLCanvasElement & { painted?: ImageData }) {}
  private drawn: { pixels?: Uint8ClampedArray } = {};
  createImageData(width: number, height: number): ImageData {
    return { width, height, data: new Uint8ClampedArray(width * height * 4), colorSpace: "srgb" };
  }
  putImageData(image: ImageData): void {
    this.canvas.painted = image;
  }
  drawImage(image: object): void {
    this.drawn = image;
  }
  getImageData(_x: number, _y: number, width: number, height: number): ImageData {
    return { width, height, data: this.drawn.pixels ?? new Uint8ClampedArray(width * height * 4), colorSpace: "srgb" };
  }
}
Object.defineProperty(window.HTMLCanvasElement.prototype, "getContext", {
  value(this: HTMLCanvasElement & { context?: ScriptedContext }) {
    return (this.context ??= new ScriptedContext(this));
  },
});
// jsdom doesn't show pictures.
URL.createObjectURL = () => "blob:preview";
URL.revokeObjectURL = () => undefined;

/** React's `act` waits by a message to itself. Node's own channel would keep the process from ending. */
class ImmediateChannel {
  readonly port1: { onmessage: (() => void) | null } = { onmessage: null };
  readonly port2 = { postMessage: () => void setTimeout(() => this.port1.onmessage?.(), 0) };
}
Object.assign(globalThis, { MessageChannel: ImmediateChannel });
