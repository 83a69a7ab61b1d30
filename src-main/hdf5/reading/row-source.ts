import type { RawData } from '../model.ts'
import type { StoredDataset } from './stored-object.ts'

/** Rows of one dataset as they lie in the file, whatever its storage. Ranges were checked by the caller. */
export interface RowSource {
  /** Rows that are best read together. */
  readonly bandRows: number
  readonly storedBytes: number
  /** Bytes of values that were ever written, decoded. */
  readonly writtenBytes: number
  readRows(start: number, stop: number): Promise<Uint8Array<ArrayBuffer>>
  /** @throws E_HOLE for the first of these rows that was never written, even where holes are filled. */
  refuseHoles?(start: number, stop: number): void
  /** Only where parts of variable length cannot be resolved from the rows. */
  readVariableRows?(start: number, stop: number): Promise<RawData>
}

/** Zeros, filled with what HDF5 shows of a dataset where nothing was written. */
export function fillHole(buffer: Uint8Array, dataset: StoredDataset): void {
  if (dataset.hasNoFill) return
  fillElements(buffer, dataset.heapFillValue ?? dataset.fillValue)
}

/** `buffer` filled with copies of one element. */
function fillElements(buffer: Uint8Array, element: Uint8Array | undefined): void {
  if (element === undefined || element.every((byte) => byte === 0) || buffer.length === 0) {
    return
  }
  buffer.set(element.subarray(0, buffer.length))
  for (let filled = element.length; filled < buffer.length; filled *= 2) {
    buffer.copyWithin(filled, 0, Math.min(filled, buffer.length - filled))
  }
}
