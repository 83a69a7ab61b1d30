import { dirname, isAbsolute, win32 } from 'node:path'

import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { UNSAFE } from '../jobs/safe-text.ts'
import { isNetworkPath } from '../read/basin-paths.ts'
import { AllowedFolders } from './allowed-folders.ts'

/** What became of a place that a path names. */
export type PlaceLook =
  /** An ordinary file, absolute and free of links; not opened yet. */
  { readonly state: 'file'; readonly path: string } | NoFile

export interface NoFile {
  readonly state: 'missing' | 'unconfirmed' | 'network'
  readonly path: string
  /** To be confirmed before Weir looks there; null: nothing to confirm. */
  readonly folder: string | null
}

/** Longer ones are no folder that the user could be asked about. */
const LONGEST_FOLDER = 32_767

/**
 * Looks at places only in folders that are allowed, and below them. What lies elsewhere or on another computer is named, not touched.
 */
export class PlaceSearch {
  readonly #confirmed: readonly string[]
  readonly #allowed: AllowedFolders

  private constructor(confirmed: readonly string[], allowed: AllowedFolders) {
    this.#confirmed = confirmed
    this.#allowed = allowed
  }

  /** `own`: the folder that relative paths start from. */
  static async open(disk: DiskPort, own: string, confirmed: readonly string[]): Promise<PlaceSearch> {
    return new PlaceSearch(confirmed, await AllowedFolders.open(disk, [own, ...confirmed]))
  }

  async look(place: string): Promise<PlaceLook> {
    const look = await this.#allowed.look(place)
    switch (look.kind) {
      case 'file':
        return { state: 'file', path: look.path }
      case 'missing':
        return { state: 'missing', path: look.path, folder: null }
      case 'outside': {
        const isNetwork = isNetworkPath(place) || isNetworkPath(look.path)
        // Resolving takes away what tells a network path of other systems.
        const path = isNetwork && !isNetworkPath(look.path) ? `/${look.path}` : look.path
        return { state: isNetwork ? 'network' : 'unconfirmed', path, folder: askFor(dirname(path)) }
      }
    }
  }

  /** `\\host\share` on a system that has no such paths, so that there is nothing to look at; undefined for any other path. */
  lookAtForeign(given: string): NoFile | undefined {
    if (!isNetworkPath(given) || isAbsolute(given)) return undefined
    const path = win32.normalize(given)
    if (this.#confirmed.some((folder) => isBelow(folder, path)))
      return { state: 'missing', path, folder: null }
    return { state: 'network', path, folder: askFor(win32.dirname(path)) }
  }
}

function isBelow(folder: string, path: string): boolean {
  const below = win32.relative(folder, path)
  return !below.startsWith('..') && !win32.isAbsolute(below)
}

/** A folder goes back to Weir as it is named here: one that could not be shown as it is cannot be confirmed. */
function askFor(folder: string): string | null {
  return folder.length <= LONGEST_FOLDER && folder.search(UNSAFE) < 0 ? folder : null
}
