import { isAbsolute, relative, sep } from 'node:path'
import { InvalidInput } from '../errors.ts'
import type { BasinPathReport } from '../jobs/basin-report.ts'
import type { BasinPathView, FileView } from '../jobs/file-view.ts'

/** A folder that a file names for its basins, or that was typed. */
export interface NamedFolder {
  readonly folder: string
  /** To look there contacts another computer. */
  readonly isOnNetwork: boolean
}

/** Which folders basins may be looked for in: those that the user chose or confirmed in this session, and no others. */
export class BasinFolders {
  readonly #allowed = new Set<string>()
  readonly #named = new Map<string, ReadonlyMap<string, NamedFolder>>()
  readonly #typed = new Map<string, NamedFolder>()

  get allowed(): readonly string[] {
    return [...this.#allowed]
  }

  allow(folders: readonly string[]): void {
    for (const folder of folders) this.#allowed.add(folder)
  }

  /** Remembers which folders a description of a file names, those of nested basins too. */
  note(path: string, { basins }: FileView): void {
    const named = new Map<string, NamedFolder>()
    for (const basin of basins) {
      for (const { paths } of [basin, ...basin.basins, ...basin.basins.flatMap((inner) => inner.basins)])
        addFolders(named, paths)
    }
    this.#named.set(path, named)
  }

  /** Remembers which folders typed paths lead to. */
  noteTyped(reports: readonly BasinPathReport[]): void {
    addFolders(this.#typed, reports)
  }

  /** Is this path, as it is written, below a folder that was chosen or confirmed? */
  isAllowed(path: string): boolean {
    return this.allowed.some((folder) => {
      const below = relative(folder, path)
      return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)
    })
  }

  /** Throws E_REQUEST for a folder that no typed path has led to. */
  findTyped(folder: string): NamedFolder {
    const named = this.#typed.get(folder)
    if (named !== undefined) return named
    throw new InvalidInput('E_REQUEST', `no typed path leads to a folder ${folder} that is to be confirmed`)
  }

  /** Throws E_REQUEST for a folder that no description of the file has named. */
  findNamed(path: string, folder: string): NamedFolder {
    const named = this.#named.get(path)?.get(folder)
    if (named !== undefined) return named
    throw new InvalidInput('E_REQUEST', `${path} names no folder ${folder} that is to be confirmed`, { path })
  }
}

function addFolders(
  named: Map<string, NamedFolder>,
  paths: readonly Pick<BasinPathView, 'folder' | 'state'>[],
): void {
  for (const { folder, state } of paths) {
    if (folder !== null) named.set(folder, { folder, isOnNetwork: state === 'network' })
  }
}
