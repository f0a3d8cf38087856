import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const PACKED = /\.(js|css|svg|html)$/;

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

/** Puts a gzip and a Brotli form beside each file, which the server sends as they are. */
function packed(folder: string): Plugin {
  return {
    name: "gurita-packed",
    apply: "build",
    closeBundle() {
      for (const path of files(folder).filter((each) => PACKED.test(each) && statSync(each).size > 500)) {
        const plain = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9, memLevel: 9 }));
        writeFileSync(
          `${path}.br`,
          brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
        );
      }
    },
  };
}

const folder = process.env.GURITA_PORTAL ?? join(import.meta.dirname, "../src/gurita/server/portal");

export default defineConfig({
  base: "./",
  plugins: [react(), packed(folder)],
  build: {
    outDir: folder,
    emptyOutDir: true,
    target: "es2022",
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        // What nearly every page needs comes in one file: seventy small ones would compress a tenth worse.
        advancedChunks: {
          groups: [{ name: "common", minShareCount: 48, test: /node_modules|src\/(parts|shell|api|text)\// }],
        },
      },
    },
  },
  server: { proxy: { "/api": process.env.GURITA_URL ?? "http://127.0.0.1:8065" } },
  // On a machine that does other things too, a test may take long.
  test: { include: ["src/**/*.test.ts"], environment: "node", testTimeout: 120_000 },
} as Parameters<typeof defineConfig>[0]);
