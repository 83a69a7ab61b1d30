import type { PathStyle } from '../../../src-preload/contract.ts'

/** How paths will stand in a basin file, for a look at it before it is written. The job resolves links on the way; this does not. */

interface PreviewOptions {
  readonly style: PathStyle
  /** Folder of the basin file; null: not chosen yet. */
  readonly folder: string | null
  readonly isWindows: boolean
}

/** The paths of one basin, in the order in which they are written, each once. */
export function previewPaths(
  paths: readonly string[],
  { style, folder, isWindows }: PreviewOptions,
): readonly string[] {
  const written = paths.flatMap((path) => {
    const relative = folder === null ? null : relate(folder, path, isWindows)
    return [
      ...(style !== 'relative' || relative === null ? [path] : []),
      ...(style !== 'absolute' && relative !== null ? [relative] : []),
    ]
  })
  return [...new Set(written)]
}

/** Is this a path from the root of a system, of this one or of another? */
export function isAbsolutePath(path: string): boolean {
  return /^([A-Za-z]:[/\\]|[/\\])/.test(path)
}

/** With forward slashes; null: of another drive or another system, and so without a relative path. */
function relate(folder: string, path: string, isWindows: boolean): string | null {
  const from = splitPath(folder, isWindows)
  const to = splitPath(path, isWindows)
  if (from === null || to === null || !isSame(from.root, to.root, isWindows)) return null
  const shared = from.names.findIndex((name, index) => !isSame(name, to.names[index], isWindows))
  const common = shared < 0 ? from.names.length : shared
  const up = from.names.slice(common).map(() => '..')
  return [...up, ...to.names.slice(common)].join('/')
}

function isSame(one: string, other: string | undefined, isWindows: boolean): boolean {
  return isWindows ? one.toLowerCase() === other?.toLowerCase() : one === other
}

interface SplitPath {
  readonly root: string
  readonly names: readonly string[]
}

/** Null: no absolute path of this system. */
function splitPath(path: string, isWindows: boolean): SplitPath | null {
  const text = isWindows ? path.replaceAll('\\', '/') : path
  const root = (isWindows ? /^([A-Za-z]:\/|\/\/[^/]+\/[^/]+\/?)/ : /^\//).exec(text)?.[0]
  if (root === undefined) return null
  const names: string[] = []
  for (const name of text.slice(root.length).split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return { root: root.replace(/\/$/, ''), names }
}
