import { InvalidInput } from '../errors.ts'
import type { FileView } from '../jobs/file-view.ts'

/** A folder that a file names for its basins. */
interface NamedFolder {
  readonly folder: string
  /** To look there contacts another computer. */
  readonly isOnNetwork: boolean
}

/** Which folders basins may be looked for in: those that the user chose or confirmed in this session, and no others. */
export class BasinFolders {
  readonly #allowed = new Set<string>()
  readonly #named = new Map<string, ReadonlyMap<string, NamedFolder>>()

  get allowed(): readonly string[] {
    return [...this.#allowed]
  }

  allow(folders: readonly string[]): void {
    for (const folder of folders) this.#allowed.add(folder)
  }

  /** Remembers which folders a description of a file names. */
  note(path: string, { basins }: FileView): void {
    const named = new Map<string, NamedFolder>()
    for (const { folder, state } of basins.flatMap((basin) => basin.paths)) {
      if (folder !== null) named.set(folder, { folder, isOnNetwork: state === 'network' })
    }
    this.#named.set(path, named)
  }

  /** Throws E_REQUEST for a folder that no description of the file has named. */
  findNamed(path: string, folder: string): NamedFolder {
    const named = this.#named.get(path)?.get(folder)
    if (named !== undefined) return named
    throw new InvalidInput('E_REQUEST', `${path} names no folder ${folder} that is to be confirmed`, { path })
  }
}
