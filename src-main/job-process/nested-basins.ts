import { toWeirError } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { FileReader } from '../hdf5/reading/file-reader.ts'
import type { BasinView } from '../jobs/file-view.ts'
import { inspectOpenFile, type FileInspection } from '../read/inspect-file.ts'
import { BasinSearch, nameInternalFeatures } from './look-for-basins.ts'
import type { TextBudget } from './show-text.ts'
import { VIEW_LIMITS } from './view-limits.ts'

type InnerView = BasinView['basins'][number]
type LeafView = InnerView['basins'][number]

export interface NestingOptions {
  /** Folders that the user chose or confirmed. */
  readonly folders: readonly string[]
  readonly texts: TextBudget
  /** The file at the top, which is not described again where a basin leads back to it. */
  readonly top: string
}

/** Describes what the basins of a file refer to in turn, two levels deep; a file that leads back to one above it ends there. */
export class NestedBasins {
  readonly #disk: DiskPort
  readonly #options: NestingOptions
  #filesLeft: number = VIEW_LIMITS.nestedFiles

  constructor(disk: DiskPort, options: NestingOptions) {
    this.#disk = disk
    this.#options = options
  }

  /** Basins of the file at `path`, which was found as a basin itself and so lies where may be looked. */
  async describe(path: string): Promise<InnerView[]> {
    const { top } = this.#options
    return this.#describeLevel(path, [top], async (leaf, found) => ({
      ...leaf,
      basins: found === null ? [] : await this.#describeLevel(found, [top, path], (below) => below),
    }))
  }

  async #describeLevel<View>(
    path: string,
    above: readonly string[],
    complete: (leaf: LeafView, found: string | null) => View | Promise<View>,
  ): Promise<View[]> {
    const inspection = above.includes(path) ? undefined : await this.#inspect(path)
    if (inspection === undefined) return []
    const { folders, texts } = this.#options
    const { identifier, structure, basins } = inspection
    const referrer = { path, identifier, internalFeatures: nameInternalFeatures(structure) }
    const search = await BasinSearch.open(this.#disk, referrer, folders)
    const views: View[] = []
    for (const basin of basins.slice(0, VIEW_LIMITS.nestedBasins)) {
      const { view, found } = await search.describe(basin, texts)
      views.push(await complete(view, found))
    }
    return views
  }

  /** Undefined: it cannot be read, which whoever wants its data is told; or there are too many. */
  async #inspect(path: string): Promise<FileInspection | undefined> {
    if (this.#filesLeft === 0) return undefined
    this.#filesLeft -= 1
    try {
      const file = await FileReader.open(this.#disk, path)
      try {
        return await inspectOpenFile(file)
      } finally {
        await file.close()
      }
    } catch (thrown) {
      const error = toWeirError(thrown, { path })
      if (error.tag === 'Internal') throw thrown
      return undefined
    }
  }
}
