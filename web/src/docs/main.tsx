// SPDX-License-Identifier: Apache-2.0
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../styles/base.css";
import "../styles/docs.css";
import { Docs } from "./Docs";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Docs />
    </StrictMode>,
  );
}
