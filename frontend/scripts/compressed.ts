/** Put a gzip and a Brotli form beside each file of the build: the server then sends the small one at no cost. */
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(js|css|svg|wasm)$/;
const SMALLEST = 1024;
const BROTLI_QUALITY = 9;

/** Compress what shrinks; pictures and fonts are compressed already. */
export function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          const source = Buffer.from(file.type === "chunk" ? file.code : file.source);
          if (!TEXT.test(file.fileName) || source.length < SMALLEST) continue;
          this.emitFile({
            type: "asset",
            fileName: `${file.fileName}.gz`,
            source: gzipSync(source, { level: 9 }),
          });
          const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
          this.emitFile({
            type: "asset",
            fileName: `${file.fileName}.br`,
            source: brotliCompressSync(source, { params }),
          });
        }
      },
    },
  };
}
