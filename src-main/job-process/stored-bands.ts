import { shapeOf } from '../hdf5/model.ts'
import type { StoredBand } from '../hdf5/writing/file-writer.ts'
import { readStoredChunk } from '../write/copy-chunks.ts'
import type { FeatureWay } from './feature-ways.ts'
import type { RowFeature } from './rewrite-plan.ts'

/** Rows `start` to `stop` of a feature as the source stores them. */
export interface BandOfRows {
  readonly start: number
  readonly stop: number
  readonly band: StoredBand
}

type RecodedWay = Extract<FeatureWay, { readonly kind: 'recoded' }>

/** Reads the chunks of a feature that are to be encoded anew, a band at a time. */
export class StoredBands {
  /** Rows up to here can be had in bands; those behind go by their values. */
  readonly rowCount: number
  readonly #feature: RowFeature
  readonly #way: RecodedWay

  constructor(feature: RowFeature, way: RecodedWay) {
    this.#feature = feature
    this.#way = way
    const [length = 0] = shapeOf(feature.dataset.dataspace)
    const wholeBands = Math.min(way.records.length / way.chunksPerBand, Math.floor(length / this.#bandRows))
    // The last chunk would keep what the source has behind the last event; there the output has fill value.
    this.rowCount = wholeBands * this.#bandRows
  }

  get #bandRows(): number {
    return this.#way.chunkShape[0]!
  }

  /** The bands that begin in these rows. Throws E_META and what the disk throws. */
  async read(start: number, stop: number): Promise<BandOfRows[]> {
    const first = Math.ceil(start / this.#bandRows)
    const end = Math.ceil(Math.min(stop, this.rowCount) / this.#bandRows)
    const numbers = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index)
    return Promise.all(numbers.map((number) => this.#readBand(number)))
  }

  async #readBand(number: number): Promise<BandOfRows> {
    const { records, chunksPerBand, filters } = this.#way
    const { dataset, source } = this.#feature
    const ownRecords = records.slice(number * chunksPerBand, (number + 1) * chunksPerBand)
    const chunks = await Promise.all(
      ownRecords.map((record) => readStoredChunk(source.file, dataset, record)),
    )
    const start = number * this.#bandRows
    return { start, stop: start + this.#bandRows, band: { rowCount: this.#bandRows, chunks, filters } }
  }
}
