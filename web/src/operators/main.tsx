import { createRoot } from "react-dom/client";
import { OperatorsApp } from "./OperatorsApp";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/controls.css";
import "../styles/frame.css";
import "./operators.css";

const root = document.getElementById("root");
if (root) createRoot(root).render(<OperatorsApp />);
