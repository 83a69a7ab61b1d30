import type { StoredDataset } from './stored-object.ts'

/** Datasets of a file of which rows were read that were never written, and that hold fill values instead. */
export class FilledHoles {
  readonly #met = new Map<string, StoredDataset>()

  note(dataset: StoredDataset): void {
    this.#met.set(dataset.path, dataset)
  }

  /** Each once, in the order in which they were met; they are forgotten here. */
  take(): StoredDataset[] {
    const taken = [...this.#met.values()]
    this.#met.clear()
    return taken
  }
}
