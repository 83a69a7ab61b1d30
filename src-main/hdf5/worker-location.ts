/** Where the code of a worker thread lies, and how to start it. */
export interface WorkerLocation {
  readonly url: URL
  readonly execArgv: string[]
}

/**
 * A bundled program has its workers beside it as `<name>.js`; run from sources (unit tests) the worker is TypeScript too.
 * `sourcePath` is relative to `src-main/hdf5/`, as `filters/filter-worker.ts`; its base name is the bundle's name.
 */
export function locateWorker(sourcePath: string): WorkerLocation {
  if (import.meta.url.endsWith('.ts')) {
    return {
      url: new URL(sourcePath, import.meta.url),
      execArgv: ['--import', new URL('../../test/helpers/register-typescript.mjs', import.meta.url).href],
    }
  }
  const name = sourcePath.replace(/^.*\//, '').replace(/\.ts$/, '.js')
  return { url: new URL(name, import.meta.url), execArgv: [] }
}
