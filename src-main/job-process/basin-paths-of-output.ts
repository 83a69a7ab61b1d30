import { basename, dirname, isAbsolute, join, relative, win32 } from 'node:path'

import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { PathStyle } from '../jobs/job-schema.ts'

/**
 * The paths of one basin as the output names them, each once: absolute, relative to the output's folder with forward slashes, or both
 * (absolute, then relative, path by path). What lies on another drive or another system has no relative path and stays as it is.
 */
export async function composeBasinPaths(
  disk: DiskPort,
  paths: readonly string[],
  { folder, style }: { readonly folder: string; readonly style: PathStyle },
): Promise<string[]> {
  const composed: string[] = []
  for (const path of paths) {
    const fromFolder = await relate(disk, folder, path)
    if (style !== 'relative' || fromFolder === undefined) composed.push(path)
    if (style !== 'absolute' && fromFolder !== undefined) composed.push(fromFolder)
  }
  return [...new Set(composed)]
}

/** Behind a link to a folder `..` is the parent of the link's target, so both folders are compared as they really are. */
async function relate(disk: DiskPort, folder: string, path: string): Promise<string | undefined> {
  if (!isAbsolute(path)) return undefined
  const [realFolder, realPlace] = await Promise.all([
    resolveQuietly(disk, folder),
    resolveQuietly(disk, dirname(path)),
  ])
  const isComparable = realFolder !== undefined && realPlace !== undefined
  const below = isComparable ? relative(realFolder, join(realPlace, basename(path))) : relative(folder, path)
  return isAbsolute(below) || win32.isAbsolute(below) ? undefined : below.replaceAll('\\', '/')
}

/** Undefined too where it cannot be asked: an alternative may lie where nobody gets at it today. */
function resolveQuietly(disk: DiskPort, path: string): Promise<string | undefined> {
  return disk.resolveLinks(path).catch(() => undefined)
}
