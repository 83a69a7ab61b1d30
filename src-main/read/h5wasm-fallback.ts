import { WeirError } from '../errors.ts'
import { H5wasmFile } from '../hdf5/h5wasm/h5wasm-file.ts'
import type { RawData } from '../hdf5/model.ts'
import type { RowFallback } from '../hdf5/reading/dataset-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'

/**
 * Rows that the layer cannot decode itself, read through h5wasm: one worker thread for the file, started when first needed and
 * replaced if it was lost.
 */
export class H5wasmFallback implements RowFallback {
  #file: Promise<H5wasmFile> | undefined
  #isClosed = false

  constructor(readonly path: string) {}

  readRows(dataset: StoredDataset, start: number, stop: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask((file) => file.readRowsAs(dataset, start, stop))
  }

  readVariableRows(dataset: StoredDataset, start: number, stop: number): Promise<RawData> {
    return this.#ask((file) => file.readVariableRows(dataset, start, stop))
  }

  async #ask<T>(read: (file: H5wasmFile) => Promise<T>): Promise<T> {
    const file = (this.#file ??= H5wasmFile.open(this.path))
    try {
      return await read(await file)
    } catch (thrown) {
      // A worker that was ended answers nothing more; the next dataset may still be read by a new one.
      if (
        thrown instanceof WeirError &&
        thrown.tag === 'ProcessGone' &&
        this.#file === file &&
        !this.#isClosed
      )
        this.#file = undefined
      throw thrown
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    // A file that never opened was reported where it was asked for; there is nothing to close then.
    const file = await this.#file?.catch(() => undefined)
    await file?.close()
  }
}
