// SPDX-License-Identifier: Apache-2.0
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const api = process.env.BASE_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    target: ["chrome109", "firefox115", "safari16.4"],
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { demo: "demo.html", docs: "docs.html", console: "console.html" } },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": api, "/openapi.json": api },
  },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
