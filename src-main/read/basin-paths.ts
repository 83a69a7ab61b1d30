import { dirname, isAbsolute, join, win32 } from 'node:path'
import type { DiskPort, PathFacts } from '../hdf5/disk/disk-port.ts'
import type { BasinDefinition } from './basins.ts'

/** Where a path out of a basin definition leads. */
export interface BasinLocation {
  /** As the definition has it. */
  readonly given: string
  /** Absolute path of an existing file, or null. The file was not opened: it may be another measurement. */
  readonly found: string | null
  /** How it was found: by the path itself, by its file name beside the referrer, or relative to the referrer's folder. */
  readonly by: 'path' | 'name' | 'relative' | null
  /**
   * Network paths (`\\host\share`) are not looked at: merely asking for one can hand the user's credentials to a host that the file
   * names.
   */
  readonly isNetworkPath: boolean
}

/** A basin with what became of its paths. */
export interface BasinDescription {
  readonly key: string
  readonly type: string
  readonly format: string
  readonly name: string | null
  readonly description: string | null
  readonly features: readonly string[] | null
  readonly mapping: string
  readonly identifier: string | null
  readonly perishable: boolean
  readonly paths: readonly string[]
  readonly urls: readonly string[]
  /** Path of the first file that is there (of `internal`: null); not opened, so not proven to be the right one. */
  readonly found: string | null
}

/** Basins as `weir inspect` shows them. Nothing is opened. */
export async function describeBasins(
  disk: DiskPort,
  referrer: string,
  basins: readonly BasinDefinition[],
): Promise<BasinDescription[]> {
  return Promise.all(
    basins.map(async (basin) => {
      const { key, type, format, name, description, features, mapping, identifier, perishable, paths, urls } =
        basin
      const locations = await locateBasin(disk, referrer, basin)
      const found = locations.find((location) => location.found !== null)?.found ?? null
      return {
        key,
        type,
        format,
        name,
        description,
        features,
        mapping,
        identifier,
        perishable,
        paths,
        urls,
        found,
      }
    }),
  )
}

/** Looks for each path of a `file` basin; of other types there is nothing to look for. `referrer` is the file that names the basin. */
export async function locateBasin(
  disk: DiskPort,
  referrer: string,
  basin: BasinDefinition,
): Promise<BasinLocation[]> {
  if (basin.type !== 'file') return []
  const folder = dirname(referrer)
  return Promise.all(basin.paths.map((path) => locatePath(disk, folder, path)))
}

/** Looks for a path that a file in `folder` names. */
export async function locatePath(disk: DiskPort, folder: string, given: string): Promise<BasinLocation> {
  if (isNetworkPath(given)) return { given, found: null, by: null, isNetworkPath: true }
  for (const candidate of listCandidates(folder, given)) {
    if ((await factsOfFile(disk, candidate.path)) !== undefined) {
      return { given, found: candidate.path, by: candidate.by, isNetworkPath: false }
    }
  }
  return { given, found: null, by: null, isNetworkPath: false }
}

/** A place where the file of a basin may be. */
export interface BasinCandidate {
  readonly path: string
  readonly by: 'path' | 'name' | 'relative'
}

/**
 * dclab: the path as given, then its file name beside the referrer, then the path relative to the referrer's folder, with both
 * separators. Differs: a relative path is never looked for in the working directory, where it would depend on how Weir was started.
 */
export function listCandidates(folder: string, given: string): BasinCandidate[] {
  if (given === '' || given.includes('\0')) return []
  const name = given.split(/[/\\]/).pop() ?? ''
  const beside =
    name === '' || name === '.' || name === '..' ? [] : [{ path: join(folder, name), by: 'name' as const }]
  if (isAbsolute(given)) return [{ path: given, by: 'path' }, ...beside]
  // A path of another system (C:\data\x.rtdc on Linux) can only be found by its name.
  if (win32.isAbsolute(given)) return beside
  const spellings = [...new Set([given, given.replaceAll('\\', '/')])]
  return [
    ...beside,
    ...spellings.map((spelling) => ({ path: join(folder, spelling), by: 'relative' as const })),
  ]
}

/** Would merely asking for this path contact another computer? */
export function isNetworkPath(path: string): boolean {
  return /^[/\\]{2}/.test(path)
}

async function factsOfFile(disk: DiskPort, path: string): Promise<PathFacts | undefined> {
  // A folder that may not be entered, a name too long, a share that is gone: the basin cannot be had there, which is all that is asked.
  const facts = await disk.follow(path).catch(() => undefined)
  return facts?.kind === 'file' ? facts : undefined
}

/** A relative path that leads to a file beside the source and not (or to another file) beside the output. */
export interface LostBasinPath {
  readonly basin: BasinDefinition
  readonly path: string
  /** Absolute path to add to the definition, so that the output finds the basin too. */
  readonly absolute: string
}

/**
 * Finds the relative paths of kept basins that would no longer resolve if `source` were rewritten into `outputFolder`.
 * A path whose basin also names the absolute one already is not lost.
 */
export async function findLostPaths(
  disk: DiskPort,
  basins: readonly BasinDefinition[],
  places: { readonly source: string; readonly outputFolder: string },
): Promise<LostBasinPath[]> {
  const lost: LostBasinPath[] = []
  for (const basin of basins) {
    for (const location of await locateBasin(disk, places.source, basin)) {
      if (location.found === null || location.by === 'path') continue
      // A basin that is gone and had the name of its referrer is not the referrer.
      if (await isSameFile(disk, location.found, places.source)) continue
      const absolute = (await disk.resolveLinks(location.found)) ?? location.found
      if (basin.paths.includes(absolute) || basin.paths.includes(location.found)) continue
      const beside = await locatePath(disk, places.outputFolder, location.given)
      if (!(await isSameFile(disk, location.found, beside.found))) {
        lost.push({ basin, path: location.given, absolute })
      }
    }
  }
  return lost
}

async function isSameFile(disk: DiskPort, one: string, other: string | null): Promise<boolean> {
  if (other === null) return false
  const [first, second] = await Promise.all([factsOfFile(disk, one), factsOfFile(disk, other)])
  return first !== undefined && first.identity === second?.identity
}
