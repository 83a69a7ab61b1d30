import { dirname } from 'node:path'

import type { DiskPort, PathFacts } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { RewriteJob } from '../jobs/job-schema.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import { BasinTree, iterateNodes } from '../read/basin-tree.ts'
import { listCandidates, locateBasin, type BasinLocation } from '../read/basin-paths.ts'
import type { BasinDefinition } from '../read/basins.ts'
import { Measurement } from '../read/measurement.ts'
import { relinkBasins } from './relink-basins.ts'

/** A file that a job reads, as it was when it was opened. */
export interface ReadFile {
  readonly path: string
  readonly facts: PathFacts
}

/** The input of a rewrite and, where its basins are filled in, all that it refers to; open until `close`. */
export class RewriteSources {
  private constructor(
    readonly measurement: Measurement,
    /** Basins of the input, relinked as the job asks for. */
    readonly definitions: readonly BasinDefinition[],
    /** Only where basins are filled in. */
    readonly tree: BasinTree | undefined,
  ) {}

  /** Throws what `Measurement.open`, `relinkBasins` and `BasinTree.open` throw. */
  static async open(
    job: RewriteJob,
    { disk, pool }: { readonly disk: DiskPort; readonly pool: FilterPool },
  ): Promise<RewriteSources> {
    const opening = { disk, pool, missingChunks: job.holes }
    const measurement = await Measurement.open(disk, job.input, opening)
    try {
      const definitions = await relinkBasins(job, measurement, { disk, pool })
      const isFilled = job.basins === 'fill'
      const tree = isFilled ? await BasinTree.open(measurement, opening, definitions) : undefined
      return new RewriteSources(measurement, definitions, tree)
    } catch (error) {
      await measurement.close()
      throw error
    }
  }

  /** The input, and the files of basins whose values go into the output. */
  get files(): readonly FileReader[] {
    const basins = this.tree
      ? [...iterateNodes(this.tree.nodes)].flatMap(({ source }) => source?.file ?? [])
      : []
    return [...new Set([this.measurement.file, ...basins])]
  }

  /** Basins whose values go into the output. */
  get basinFiles(): readonly ReadFile[] {
    return this.tree?.files ?? []
  }

  /**
   * Every file that a definition leads to, as far as it can be seen without opening it, and every path of which it names one that is not
   * there: none of them may be the output.
   */
  async listReferred(disk: DiskPort): Promise<readonly string[]> {
    const { measurement, definitions } = this
    const located = definitions.map((basin) => locateBasin(disk, measurement.path, basin))
    const referred = (await Promise.all(located))
      .flat()
      .flatMap((location) => listNamed(measurement, location))
    return [...referred, ...this.basinFiles.map(({ path }) => path)]
  }

  async close(): Promise<void> {
    await this.tree?.close()
    await this.measurement.close()
  }
}

/** The file that a path of a basin leads to, or the places where it would be; what only has its name is another file. */
function listNamed({ path }: Measurement, { given, found, isNetworkPath }: BasinLocation): readonly string[] {
  if (found !== null) return [found]
  if (isNetworkPath) return []
  return listCandidates(dirname(path), given).flatMap((candidate) =>
    candidate.by === 'name' ? [] : [candidate.path],
  )
}
