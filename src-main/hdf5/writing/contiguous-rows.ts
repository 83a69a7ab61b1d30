import { fillRepeatedly } from './chunk-band.ts'
import { contiguousLayoutMessage } from './dataset-messages.ts'
import type { DatasetSpec } from './dataset-spec.ts'
import type { HeaderMessage } from './object-header.ts'
import type { RowStore } from './row-store.ts'
import type { WriteContext } from './write-context.ts'

/** Up to this a dataset that comes in one piece is gathered with others. */
const SMALL_BYTES = 2 ** 16
const FILL_SLICE_BYTES = 2 ** 20

/** Rows of a dataset of fixed length, in one piece of the file. */
export class ContiguousRows implements RowStore {
  readonly chunks = []
  readonly #context: WriteContext
  readonly #spec: DatasetSpec
  readonly #totalBytes: number
  #address: number | null = null
  #done = 0

  constructor(context: WriteContext, spec: DatasetSpec, totalBytes: number) {
    this.#context = context
    this.#spec = spec
    this.#totalBytes = totalBytes
  }

  get storedBytes(): number {
    return this.#address === null ? 0 : this.#totalBytes
  }

  async append(rows: Uint8Array): Promise<void> {
    if (rows.byteLength === 0) return
    const { space } = this.#context
    const isComplete = this.#done === 0 && rows.byteLength === this.#totalBytes
    if (isComplete && rows.byteLength <= SMALL_BYTES) {
      this.#address = space.append(new Uint8Array(rows))
      this.#done = rows.byteLength
      return
    }
    this.#address ??= space.reserve(this.#totalBytes)
    const address = this.#address + this.#done
    this.#done += rows.byteLength
    await space.writeAt(address, rows)
  }

  /** Where something was stored, but not all, the rest is fill value. */
  async flush(): Promise<void> {
    if (this.#address === null || this.#done === this.#totalBytes) return
    const { size } = this.#spec.datatype
    const restBytes = this.#totalBytes - this.#done
    const sliceBytes = Math.min(restBytes, Math.ceil(FILL_SLICE_BYTES / size) * size)
    const slice = fillRepeatedly(new Uint8Array(sliceBytes), this.#spec.fillValue ?? new Uint8Array(size))
    while (this.#done < this.#totalBytes) {
      await this.append(slice.subarray(0, Math.min(sliceBytes, this.#totalBytes - this.#done)))
    }
  }

  describeLayout(): HeaderMessage {
    return contiguousLayoutMessage(this.#address, this.#totalBytes)
  }
}
