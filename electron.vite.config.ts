import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

/** Programs, the library, processes and worker threads of the main side, by the name of their bundle in `out/`. */
const mainEntries = {
  main: 'src-main/main.ts',
  weir: 'src-main/cli/weir.ts',
  'job-process': 'src-main/job-process/job-process.ts',
  'reader-process': 'src-main/job-process/reader-process.ts',
  write: 'src-main/write/index.ts',
  'queue-writer-child': 'src-main/write/queue-writer-child.ts',
  'filter-worker': 'src-main/hdf5/filters/filter-worker.ts',
  'h5wasm-worker': 'src-main/hdf5/h5wasm/h5wasm-worker.ts',
}

/** Where the build goes; scripts/build.mjs builds beside `out` and swaps when all went well. */
const outFolder = process.env['WEIR_BUILD_FOLDER'] ?? 'out'

function resolveFromHere(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}

export default defineConfig({
  main: {
    build: {
      outDir: outFolder,
      // The preload and renderer builds lie in folders below; main runs first and clears all.
      emptyOutDir: true,
      target: 'node20',
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        checks: { bundlerTimings: false },
        input: Object.fromEntries(
          Object.entries(mainEntries).map(([name, path]) => [name, resolveFromHere(path)]),
        ),
        output: {
          format: 'es',
          // Flat: hdf5/worker-location.ts finds the workers beside the bundle that it was put into.
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: `${outFolder}/preload`,
      target: 'node20',
      rolldownOptions: {
        checks: { bundlerTimings: false },
        input: { preload: resolveFromHere('src-preload/preload.ts') },
        // A sandboxed preload must be CommonJS and one file.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    build: {
      outDir: resolveFromHere(`${outFolder}/renderer`),
      target: 'chrome130',
      // A busy machine makes plugins slow; that is no news in a build's output.
      rolldownOptions: {
        input: resolveFromHere('src-renderer/index.html'),
        checks: { bundlerTimings: false },
      },
    },
    plugins: [vue()],
  },
})
