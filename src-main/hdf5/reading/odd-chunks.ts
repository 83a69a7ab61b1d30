import type { Oddity } from '../filters/odd-chunk.ts'
import type { ChunkRecord } from '../model.ts'
import type { StoredDataset } from './stored-object.ts'

export interface OddChunk extends Oddity {
  readonly record: ChunkRecord
}

/** A dataset, some chunks of which HDF5's filters do not read as they are meant. */
export interface OddDataset {
  readonly dataset: StoredDataset
  /** Each once, in the order in which they were met; at least one. */
  readonly chunks: readonly OddChunk[]
}

/** The odd chunks of a file that were read so far. */
export class OddChunks {
  readonly #met = new Map<
    string,
    { readonly dataset: StoredDataset; readonly chunks: Map<number, OddChunk> }
  >()

  note(dataset: StoredDataset, record: ChunkRecord, oddity: Oddity): void {
    const known = this.#met.get(dataset.path) ?? { dataset, chunks: new Map<number, OddChunk>() }
    this.#met.set(dataset.path, known)
    known.chunks.set(record.gridIndex, { ...oddity, record })
  }

  /** Those of all datasets, which are forgotten here. */
  take(): OddDataset[] {
    const taken = [...this.#met.values()].map(({ dataset, chunks }) => ({
      dataset,
      chunks: [...chunks.values()],
    }))
    this.#met.clear()
    return taken
  }

  /** Those of one dataset, which are forgotten here. */
  takeOf(dataset: StoredDataset): readonly OddChunk[] {
    const chunks = [...(this.#met.get(dataset.path)?.chunks.values() ?? [])]
    this.#met.delete(dataset.path)
    return chunks
  }
}
