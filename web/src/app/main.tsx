import { createRoot } from "react-dom/client";
import { reportClientError } from "../shared/api/clientErrors";
import { App } from "./App";
import "../styles/main.css";

window.addEventListener("error", (event) => reportClientError(event.error ?? event.message, "window"));
window.addEventListener("unhandledrejection", (event) => reportClientError(event.reason, "promise"));

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
