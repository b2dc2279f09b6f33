import { createRoot } from "react-dom/client";
import { App } from "./App";

/** Shows the app. */
export function render(root: Element): void {
  createRoot(root).render(<App />);
}
