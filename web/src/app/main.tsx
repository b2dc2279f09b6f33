import { reportClientError } from "../shared/api/clientErrors";
import { loadTexts } from "../shared/texts";
import "../styles/main.css";

window.addEventListener("error", (event) => reportClientError(event.error ?? event.message, "window"));
window.addEventListener("unhandledrejection", (event) => reportClientError(event.reason, "promise"));

/** The parts of the page take their texts when they are imported: the texts come first. */
async function start(): Promise<void> {
  await loadTexts();
  const { render } = await import("./render");
  const root = document.getElementById("root");
  if (root) render(root);
}

void start();
