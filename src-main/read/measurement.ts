import type { Warning } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { Attribute } from '../hdf5/model.ts'
import type { AttributeValue } from '../hdf5/reading/attribute-value.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset, StoredGroup } from '../hdf5/reading/stored-object.ts'
import { readBasins } from './basins.ts'
import type { BasinDefinition, Basins } from './basins.ts'
import { findCommonRows } from './common-rows.ts'
import type { CommonRowsOptions, FeatureSource } from './common-rows.ts'
import { countEvents, findUsualLength } from './event-count.ts'
import { isDatasetFeature } from './feature-info.ts'
import type {
  ContourFeature,
  DamagedObject,
  DatasetFeature,
  FeatureInfo,
  LeftOutObject,
} from './feature-info.ts'
import { isBasinmap, isImageFeatureName } from './feature-names.ts'
import { H5wasmFallback } from './h5wasm-fallback.ts'
import { lookUpAttribute, readStructure } from './measurement-structure.ts'
import type { MeasurementStructure } from './measurement-structure.ts'
import { readContours } from './read-contours.ts'
import { readLines } from './read-lines.ts'
import { warnOfUnreadable } from './unreadable.ts'

export interface MeasurementOptions {
  /** Decodes chunks; stays the caller's. */
  readonly pool: FilterPool
  /** What `openReader` does where a piece of a feature was never written: E_HOLE (default), or it holds the fill value. */
  readonly missingChunks?: 'refuse' | 'fill' | undefined
}

export interface RowCountOptions extends CommonRowsOptions {
  /** Features of other files that hold the same events. */
  readonly basins?: readonly FeatureSource[]
}

/** How many rows of chosen features are to be had. */
export interface MeasuredRows {
  readonly count: number
  /** Some of the features have more. */
  readonly isCut: boolean
  readonly warnings: readonly Warning[]
}

/** A measurement (`.rtdc` file), opened for reading. Values are read only when asked for. */
export class Measurement {
  readonly path: string
  readonly root: StoredGroup
  readonly events: StoredGroup
  /** Everything in `events` that can be carried, in byte order of the names, with `basinmapN`. */
  readonly features: readonly FeatureInfo[]
  /** `experiment:run identifier`, or the one computed from time, date and set-up; null: none. */
  readonly identifier: string | null
  /** Attributes of the root, as stored. */
  readonly attributes: readonly Attribute[]
  readonly logs: readonly StoredDataset[]
  readonly tables: readonly StoredDataset[]
  /** Data of internal basins. */
  readonly basinEvents: readonly StoredDataset[]
  readonly basins: readonly BasinDefinition[]
  /** Children of the root that the format does not define. */
  readonly otherObjects: readonly (StoredDataset | StoredGroup)[]
  /** Objects that are not followed; each has its warning in `warnings` too. */
  readonly leftOut: readonly LeftOutObject[]
  /** Objects whose headers cannot be read; each has its warning in `warnings` too. See `refuseDamaged`. */
  readonly damaged: readonly DamagedObject[]
  readonly warnings: readonly Warning[]
  readonly #pool: FilterPool
  readonly #missingChunks: 'refuse' | 'fill'
  readonly #fallback: H5wasmFallback

  private constructor(
    readonly file: FileReader,
    readonly structure: MeasurementStructure,
    parts: MeasurementOptions & { readonly basins: Basins; readonly fallback: H5wasmFallback },
  ) {
    const { basins } = parts
    this.path = file.path
    this.root = structure.root
    this.events = structure.events
    this.features = structure.features
    this.identifier = structure.identifier
    this.attributes = structure.root.attributes
    this.logs = structure.logs.datasets
    this.tables = structure.tables.datasets
    this.basinEvents = structure.basinEvents.datasets
    this.basins = basins.definitions
    this.otherObjects = structure.otherObjects
    this.leftOut = structure.leftOut
    this.damaged = structure.damaged
    const unreadable = structure.damaged
      .filter(({ path }) => !path.startsWith('/basins/'))
      .map(({ path, error }) => warnOfUnreadable(file.path, path, error))
    this.warnings = [...structure.warnings, ...unreadable, ...basins.warnings]
    this.#pool = parts.pool
    this.#missingChunks = parts.missingChunks ?? 'refuse'
    this.#fallback = parts.fallback
  }

  /**
   * Opens a file and reads its structure: groups, headers, attributes and basin definitions.
   *
   * Throws E_NOT_RTDC without a group `/events`, and what FileReader throws for files that are no HDF5 or damaged. An object that is damaged
   * only where it is asked for (`refuseDamaged`). Features may hold different numbers of events: see `countRows`.
   * Warns: W_EXT, W_LINK, W_TYPE (not followed), W_LEFT_OUT, W_EMPTY, W_CONTOUR, W_BASIN.
   */
  static async open(disk: DiskPort, path: string, options: MeasurementOptions): Promise<Measurement> {
    const file = await FileReader.open(disk, path)
    const fallback = new H5wasmFallback(path)
    const { pool } = options
    try {
      const structure = await readStructure(file)
      const readLinesOf = async (dataset: StoredDataset): Promise<string[]> =>
        readLines(file.path, await DatasetReader.open(file, dataset, { pool, fallback }))
      const basins = await readBasins(file, structure.basins.group, readLinesOf)
      return new Measurement(file, structure, { ...options, basins, fallback })
    } catch (thrown) {
      await fallback.close()
      await file.close()
      throw thrown
    }
  }

  /** Reads what the layer cannot decode; for copies that open readers of their own. */
  get fallback(): H5wasmFallback {
    return this.#fallback
  }

  get hasBasins(): boolean {
    return this.basins.length > 0
  }

  /** 1-D features, without `basinmapN`. */
  get scalarFeatures(): readonly DatasetFeature[] {
    return this.features
      .filter(isDatasetFeature)
      .filter(({ kind, name }) => kind === 'scalar' && !isBasinmap(name))
  }

  /** Stacks of images: `image`, `image_bg`, `mask`, `qpi_*`. */
  get imageFeatures(): readonly DatasetFeature[] {
    return this.features
      .filter(isDatasetFeature)
      .filter(({ kind, name }) => kind === 'nd' && isImageFeatureName(name))
  }

  /**
   * Throws the error of an object in `events` or `basin_events` that cannot be read, if it is part of a feature that is chosen (as
   * `deform`, or `basin_events` for all data of internal basins): a feature is never left out because it is damaged.
   */
  refuseDamaged(isChosen: (feature: string) => boolean): void {
    for (const { path, error } of this.damaged) {
      const name = /^\/events\/([^/]+)|^\/(basin_events)/.exec(path)
      if (name !== null && isChosen(name[1] ?? 'basin_events')) throw error
    }
  }

  /** Number of events: the length that most features have, or what the attribute says where basins give them all. */
  get eventCount(): number {
    return this.#count(findUsualLength(this.structure.lengths)?.length).eventCount
  }

  /**
   * Number of events that chosen features hold; without one that has a row an event, that of the measurement.
   * Throws InvalidInput E_LEN if their lengths differ and are not to be cut. Warns: W_CUT, W_COUNT (`experiment:event count` differs from the
   * rows; the rows win).
   */
  countRows(chosen: readonly FeatureInfo[], options: RowCountOptions): MeasuredRows {
    const { basins = [], ...rest } = options
    const common = findCommonRows([{ path: this.path, features: chosen }, ...basins], rest)
    const { isCut } = common
    if (isCut) return { count: common.count ?? 0, isCut, warnings: common.warnings }
    const { eventCount, warnings } = this.#count(
      common.count ?? findUsualLength(this.structure.lengths)?.length,
    )
    return { count: eventCount, isCut, warnings }
  }

  #count(common: number | undefined): ReturnType<typeof countEvents> {
    const stated = this.readAttribute('experiment:event count')
    return countEvents(this.path, { common, stated, hasBasins: this.hasBasins })
  }

  findFeature(name: string): FeatureInfo | undefined {
    return this.features.find((feature) => feature.name === name)
  }

  /** Value of a root attribute for people and checks; undefined if absent or not understood. */
  readAttribute(name: string): AttributeValue | undefined {
    return lookUpAttribute(this.root, name)
  }

  /**
   * A reader of a dataset's rows, with h5wasm for what the layer cannot decode. In `events` and `basin_events` a missing chunk is
   * damage (E_HOLE) unless they are to be filled; elsewhere it holds the fill value. Mappings are never filled: other rows of the basin
   * would be taken.
   */
  openReader(dataset: StoredDataset): Promise<DatasetReader> {
    const isMapping = isBasinmap(dataset.path.slice('/events/'.length))
    const missingChunks = isMapping ? 'refuse' : isEventData(dataset.path) ? this.#missingChunks : 'fill'
    return DatasetReader.open(this.file, dataset, {
      pool: this.#pool,
      fallback: this.#fallback,
      missingChunks,
    })
  }

  /** Lines of a log. */
  async readLines(dataset: StoredDataset): Promise<string[]> {
    return readLines(this.path, await this.openReader(dataset))
  }

  /**
   * The datasets of `contour`, in the order of `indices` (left out: of the events), read one by one.
   * Throws E_RANGE if an event has none, and the error of a damaged one.
   */
  readContours(feature: ContourFeature, indices?: Iterable<number>): AsyncGenerator<StoredDataset> {
    return readContours(this.file, feature, indices)
  }

  async close(): Promise<void> {
    await this.#fallback.close()
    await this.file.close()
  }
}

/** Do missing chunks of this dataset mean lost events? */
export function isEventData(path: string): boolean {
  return /^\/(events|basin_events)\//.test(path)
}
