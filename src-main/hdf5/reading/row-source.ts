import type { RawData } from '../model.ts'

/** Rows of one dataset as they lie in the file, whatever its storage. Ranges were checked by the caller. */
export interface RowSource {
  /** Rows that are best read together. */
  readonly bandRows: number
  readonly storedBytes: number
  /** Bytes of values that were ever written, decoded. */
  readonly writtenBytes: number
  readRows(start: number, stop: number): Promise<Uint8Array<ArrayBuffer>>
  /** Only where parts of variable length cannot be resolved from the rows. */
  readVariableRows?(start: number, stop: number): Promise<RawData>
}

/** `buffer` filled with copies of one element. */
export function fillElements(buffer: Uint8Array, element: Uint8Array | undefined): void {
  if (element === undefined || element.every((byte) => byte === 0) || buffer.length === 0) {
    return
  }
  buffer.set(element.subarray(0, buffer.length))
  for (let filled = element.length; filled < buffer.length; filled *= 2) {
    buffer.copyWithin(filled, 0, Math.min(filled, buffer.length - filled))
  }
}
