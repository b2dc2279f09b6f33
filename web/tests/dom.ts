// A page for the components. It is imported before React, which looks for a window when it is loaded.
import { JSDOM } from "jsdom";

const { window } = new JSDOM('<!doctype html><html lang="en"><body><div id="root"></div></body></html>', {
  url: "http://127.0.0.1:8080/",
});

const taken = [
  "window", "document", "sessionStorage", "localStorage", "navigator", "HTMLElement", "HTMLInputElement", "HTMLTextAreaElement", "HTMLSelectElement", "Node",
  "Event", "MouseEvent", "File", "DOMException", "MutationObserver", "getComputedStyle",
] as const;
for (const name of taken) {
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true });
}
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
// jsdom doesn't show pictures.
URL.createObjectURL = () => "blob:preview";
URL.revokeObjectURL = () => undefined;

/** React's `act` waits by a message to itself. Node's own channel would keep the process from ending. */
class ImmediateChannel {
  readonly port1: { onmessage: (() => void) | null } = { onmessage: null };
  readonly port2 = { postMessage: () => void setTimeout(() => this.port1.onmessage?.(), 0) };
}
Object.assign(globalThis, { MessageChannel: ImmediateChannel });
