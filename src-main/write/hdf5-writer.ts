import { InvalidInput, OutputConflict, Unsupported } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { nodeDisk } from '../hdf5/disk/node-disk.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { createFilterPool } from '../hdf5/filters/worker-filter-pool.ts'
import { isBoolean } from '../hdf5/dtype-name.ts'
import { hasVariableParts, type Datatype } from '../hdf5/model.ts'
import type { DatasetSpec } from '../hdf5/writing/dataset-spec.ts'
import { composeNote } from '../hdf5/unfinished-note.ts'
import {
  FileWriter,
  type DatasetWriter,
  type GroupWriter,
  type StoredBand,
} from '../hdf5/writing/file-writer.ts'
import { chooseChunkShape, getBestNdChunks, requireShape } from './chunk-shape.ts'
import { noteStored } from './content-record.ts'
import {
  choosePipeline,
  setDefaultFilterKwargs,
  type DatasetKeywords,
  type FilterKeywords,
} from './default-filters.ts'
import { silentLogger, type Logger } from './logger.ts'
import { markAsImage } from './mark-as-image.ts'
import {
  checkNdArray,
  describeItem,
  fromTypedArray,
  isDatatype,
  isSameDatatype,
  isSameShape,
  itemShapeOf,
  rowCountOf,
  type NdArray,
} from './nd-array.ts'
import { OpenOutput } from './open-outputs.ts'
import { requireArgument, requireName, requireObject, requireTexts } from './require-argument.ts'
import { FeaturePlanner } from './storage-plan/feature-planner.ts'
import { storeBasin, type BasinToStore } from './store-basin.ts'
import { storeTextLines } from './store-text-lines.ts'

export interface HDF5WriterOptions {
  /** `w`: a new file in place of one that is there. `a` (default): continues a file; for now only one that is not there yet. */
  readonly mode?: 'a' | 'w' | undefined
  /** How new datasets are stored; see `setDefaultFilterKwargs`. */
  readonly dsKwds?: DatasetKeywords | undefined
  /** Left out: a pool of its own, closed with the writer. */
  readonly pool?: FilterPool | undefined
  /** Left out: the real disk. */
  readonly disk?: DiskPort | undefined
  readonly logger?: Logger | undefined
}

export interface FeatureToRequire {
  /** Shape of one event: `[]` for a scalar, `[80, 320]` for an image. */
  readonly itemShape: readonly number[]
  readonly datatype: Datatype
  /** Overrides the writer's for this feature. */
  readonly dsKwds?: DatasetKeywords | undefined
  /** Default `events`. */
  readonly groupName?: string | undefined
}

/** What `requireFeature` gives: the dataset and how many events it has. */
export interface RequiredFeature {
  readonly dataset: DatasetWriter
  readonly offset: number
}

interface Owned {
  readonly pool: FilterPool | undefined
  readonly output: OpenOutput
}

/**
 * Writes features, logs and basins of one measurement. dcnum: `HDF5Writer`.
 *
 * Given a path it owns the file, and `close` completes it; given an open FileWriter it leaves it open.
 */
export class HDF5Writer {
  readonly h5: FileWriter
  /** The group `events`. */
  readonly events: GroupWriter
  readonly dsKwds: FilterKeywords
  readonly logger: Logger
  readonly #owned: Owned | undefined
  #closing: Promise<void> | undefined

  private constructor(h5: FileWriter, options: HDF5WriterOptions, owned?: Owned) {
    this.h5 = h5
    this.events = h5.root.requireGroup('events')
    this.dsKwds = setDefaultFilterKwargs(options.dsKwds)
    this.logger = options.logger ?? silentLogger
    this.#owned = owned
  }

  /**
   * Opens a writer. Throws Unsupported (E_APPEND) for mode `a` on a file that exists, OutputConflict (E_EXISTS) for mode
   * `w` on something that is not a file or that another writer writes, in this process or another one, InvalidInput (E_USAGE) for unknown modes and
   * keywords, and what the disk throws.
   */
  static async open(obj: string | FileWriter, options: HDF5WriterOptions = {}): Promise<HDF5Writer> {
    requireObject(options, 'options')
    if (typeof obj !== 'string') return new HDF5Writer(requireFileWriter(obj), options)
    const { mode = 'a', disk = nodeDisk } = options
    requireArgument(['a', 'w'].includes(mode), 'mode', { expected: '"a" or "w"', actual: mode })
    setDefaultFilterKwargs(options.dsKwds)
    const output = await OpenOutput.claim(obj, disk)
    try {
      return await HDF5Writer.#create(output, mode, { ...options, disk })
    } catch (thrown) {
      output.release()
      throw thrown
    }
  }

  static async #create(
    output: OpenOutput,
    mode: 'a' | 'w',
    options: HDF5WriterOptions & { readonly disk: DiskPort },
  ): Promise<HDF5Writer> {
    const { disk } = options
    const replace = await isToBeReplaced(disk, output.path, mode)
    const pool = options.pool ?? createFilterPool()
    const ownPool = options.pool ? undefined : pool
    try {
      const note = await composeNote('library')
      const h5 = await FileWriter.create(disk, output.path, { pool, replace, note })
      await output.note(h5)
      return new HDF5Writer(h5, options, { pool: ownPool, output })
    } catch (error) {
      await ownPool?.close()
      throw error
    }
  }

  /** See `getBestNdChunks`. dcnum: a static method too. */
  static getBestNdChunks(itemShape: readonly number[], itemBytes = 8): number[] {
    return getBestNdChunks(itemShape, itemBytes)
  }

  /**
   * The dataset of a feature, made if there is none (length 0, unlimited), and its length. A slash in the name makes groups.
   *
   * Spec: what has a 2-D item is an HDF5 image, its attributes fixed-length byte strings.
   * Throws InvalidInput (E_TYPE) if there is one of another type or shape, or something that is not a dataset.
   */
  requireFeature(feat: string, feature: FeatureToRequire): RequiredFeature {
    requireName(feat, 'feat')
    requireObject(feature, 'feature')
    const { datatype, itemShape, groupName = 'events' } = feature
    requireShape(itemShape)
    requireArgument(isDatatype(datatype), 'datatype', {
      expected: 'a datatype, as float64Type() makes it',
      actual: datatype,
    })
    const group = this.h5.root.requireGroup(groupName)
    const existing = group.child(feat)
    if (existing === undefined) return { dataset: this.#createFeature(group, feat, feature), offset: 0 }
    const object = `/${groupName}/${feat}`
    if (existing.kind === 'group') {
      throw new InvalidInput('E_TYPE', `${object} is a group, not a feature to append to`, {
        path: this.h5.path,
        object,
      })
    }
    const { spec } = existing
    const storedShape = spec.shape?.slice(1) ?? []
    if (
      spec.shape?.length !== itemShape.length + 1 ||
      !isSameDatatype(spec.datatype, datatype) ||
      !isSameShape(storedShape, itemShape)
    ) {
      const [expected, actual] = [describeItem(spec.datatype, storedShape), describeItem(datatype, itemShape)]
      const message = `${object} holds events of ${expected}; ${actual} cannot be appended`
      throw new InvalidInput('E_TYPE', message, { path: this.h5.path, object, expected, actual })
    }
    return { dataset: existing, offset: existing.rowCount }
  }

  /**
   * Appends events of a feature. A boolean `mask` becomes uint8 0/255, unless the dataset was made for booleans: copies keep what
   * their source has. Throws as `requireFeature`.
   */
  async storeFeatureChunk(feat: string, data: NdArray, groupName = 'events'): Promise<void> {
    requireName(feat, 'feat')
    checkNdArray(data)
    const existing = this.h5.find(`/${groupName}/${feat}`)
    const isBooleanDataset = existing?.kind === 'dataset' && isBoolean(existing.spec.datatype)
    const isMask = feat === 'mask' && isBoolean(data.datatype) && !isBooleanDataset
    const stored = isMask ? toMask(data) : data
    rowCountOf(stored)
    const { dataset } = this.requireFeature(feat, {
      itemShape: itemShapeOf(stored),
      datatype: stored.datatype,
      groupName,
    })
    noteStored(dataset, stored)
    await dataset.append(stored.bytes)
  }

  /**
   * Appends events of a feature that another file stores with other filters, to a dataset that was made for them: same type, shape of an
   * event and chunk shape. Throws InvalidInput (E_FEATURE) if there is none, and as `DatasetWriter.appendStored`.
   */
  async storeFeatureBand(feat: string, band: StoredBand): Promise<void> {
    const dataset = this.events.child(feat)
    if (dataset?.kind !== 'dataset') {
      const object = `/events/${feat}`
      const message = `${this.h5.path} has no feature ${feat} that stored chunks could be appended to`
      throw new InvalidInput('E_FEATURE', message, { path: this.h5.path, object })
    }
    await dataset.appendStored(band)
  }

  /**
   * Stores a log: one fixed-length string a line, as long as the longest line in UTF-8 bytes (an empty log is allowed).
   * Throws InvalidInput (E_EXISTS) if there is one of this name, unless `override`.
   *
   * Differs: dcnum counts characters, so that non-ASCII lines are cut, and crashes on an empty log.
   */
  async storeLog(
    name: string,
    lines: readonly string[],
    options: { readonly override?: boolean } = {},
  ): Promise<DatasetWriter> {
    requireName(name, 'name')
    requireTexts(lines, 'lines')
    const logs = this.h5.root.requireGroup('logs')
    if (logs.child(name) !== undefined) {
      if (!options.override) {
        const object = `/logs/${name}`
        const message = `log "${name}" exists already in ${this.h5.path}; give another name or override it`
        throw new InvalidInput('E_EXISTS', message, { path: this.h5.path, object })
      }
      logs.removeChild(name)
    }
    return storeTextLines(logs, name, { lines, dsKwds: this.dsKwds })
  }

  /** Stores the definition of a basin; see `storeBasin`. Returns its name in group `basins`. */
  storeBasin(basin: BasinToStore): Promise<string> {
    return storeBasin(this, basin)
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * Completes and closes a file that was opened by path; else does nothing, because the file stays open. Throws the first failure of the
   * file, and OutputConflict (E_EXCHANGED) where its path leads to another file by now.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (!this.#owned) return
    try {
      await this.h5.finish()
      await this.#owned.output.requireStillThere()
    } finally {
      await this.h5.close()
      this.#owned.output.release()
      await this.#owned.pool?.close()
    }
  }

  #createFeature(group: GroupWriter, name: string, feature: FeatureToRequire): DatasetWriter {
    const { datatype, itemShape } = feature
    const dsKwds = { ...this.dsKwds, ...feature.dsKwds }
    const chunkShape = chooseChunkShape({ itemShape, itemBytes: datatype.size, wanted: dsKwds.chunks })
    const spec: DatasetSpec = {
      datatype,
      shape: [0, ...itemShape],
      maxShape: [null, ...itemShape],
      storage: {
        kind: 'chunked',
        chunkShape,
        filters: choosePipeline(dsKwds, datatype),
        fitsRows: dsKwds.chunks === undefined,
      },
    }
    const values = { datatype, itemShape, chunkShape }
    const dataset = group.createDataset(name, spec, makePlanner(dsKwds, values, this.h5.pool))
    if (itemShape.length === 2) markAsImage(dataset)
    return dataset
  }
}

/** Undefined where the keywords name a codec. */
function makePlanner(
  { compression, aim = 'balanced', byFrame = false, fletcher32 = true }: DatasetKeywords,
  values: ConstructorParameters<typeof FeaturePlanner>[0],
  pool: FilterPool,
): FeaturePlanner | undefined {
  if (compression !== 'auto' || hasVariableParts(values.datatype)) return undefined
  return new FeaturePlanner(values, { aim, byFrame, checksum: fletcher32 }, pool)
}

/** Spec: a mask is uint8, 0 or 255. */
function toMask(data: NdArray): NdArray {
  const pixels = new Uint8Array(data.bytes)
  // Four pixels at a time and without a branch, or this would be what limits a recording.
  const words = new Uint32Array(pixels.buffer, 0, pixels.length >>> 2)
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(lowestBits(words[i]!), 255)
  for (let i = 4 * words.length; i < pixels.length; i++) pixels[i] = pixels[i] === 0 ? 0 : 255
  return fromTypedArray(pixels, data.shape)
}

/** Of each of the four bytes in a word: 1 if any bit is set, else 0. */
function lowestBits(word: number): number {
  const nibbles = word | (word >>> 4)
  const pairs = nibbles | (nibbles >>> 2)
  return (pairs | (pairs >>> 1)) & 0x01010101
}

/** Is there a file that a new one takes the place of? Throws where the path cannot be written in this mode. */
async function isToBeReplaced(disk: DiskPort, path: string, mode: 'a' | 'w'): Promise<boolean> {
  const there = await disk.lookAt(path)
  if (!there) return false
  if (mode === 'a') {
    throw new Unsupported(
      'E_APPEND',
      `${path} exists; files that exist cannot be continued yet, only replaced (mode "w")`,
      { path },
    )
  }
  if (there.kind !== 'file') {
    throw new OutputConflict(
      'E_EXISTS',
      `${path} is not a regular file and is not replaced; choose another output`,
      { path },
    )
  }
  return true
}

function requireFileWriter(obj: unknown): FileWriter {
  requireArgument(obj instanceof FileWriter, 'obj', { expected: 'a path or an open FileWriter', actual: obj })
  return obj as FileWriter
}
