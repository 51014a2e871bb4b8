/** Builds the web app into the Python package, from where the server serves it. */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.SKYWRITE_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/",
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../src/skywrite/_web/ui",
    emptyOutDir: true,
    assetsInlineLimit: 0, // the server's content policy allows no data: fonts or scripts
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { "/api": server, "/health": server } },
  test: {
    projects: [
      { extends: true, test: { name: "rules", environment: "node", include: ["src/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "components",
          environment: "jsdom",
          include: ["src/**/*.test.tsx"],
          setupFiles: ["./src/testing/setup.ts"],
          testTimeout: 30_000, // a busy machine takes seconds to type into a form
        },
      },
    ],
  },
});
