// SPDX-License-Identifier: Apache-2.0
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { browserPhotos } from "../lib/photostore";
import "../styles/base.css";
import "../styles/work.css";
import "../styles/demo.css";
import { App } from "./App";

const root = document.getElementById("root");
if (root) {
  void browserPhotos().then((photos) =>
    createRoot(root).render(
      <StrictMode>
        <App photos={photos} />
      </StrictMode>,
    ),
  );
}
