import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve, sep, win32 } from 'node:path'

import { usageError } from './usage-error.ts'

/** Absolute form of a path that the user gave, as the system would understand it from `baseFolder`. */
export function resolvePath(baseFolder: string, given: string): string {
  const hasParentStep = given.split(/[\\/]/).includes('..')
  if (!hasParentStep || process.platform === 'win32') return resolve(baseFolder, given)
  return followParentSteps(isAbsolute(given) ? given : baseFolder + sep + given) ?? resolve(baseFolder, given)
}

/** The same for a basin, which may name a place on a computer of another system: a path as `C:/data/x.rtdc` stays as it is. */
export function resolveBasinPath(baseFolder: string, given: string): string {
  return win32.isAbsolute(given) && !isAbsolute(given) ? given : resolvePath(baseFolder, given)
}

/** The same for an output, which is a file. Throws E_USAGE. */
export function resolveOutput(baseFolder: string, given: string): string {
  if (given.endsWith('/') || given.endsWith(sep))
    throw usageError(`--out ${given}: must be a file, not a folder`)
  return resolvePath(baseFolder, given)
}

/** Behind a symbolic link to a folder, `link/..` is the parent of the link's target: only the system knows it. */
function followParentSteps(path: string): string | undefined {
  try {
    if (basename(path) === '..') return realpathSync.native(path)
    return join(realpathSync.native(dirname(path)), basename(path))
  } catch {
    // A folder on the way is missing or closed to us; whoever opens the path will say so.
    return undefined
  }
}
