import type { Datatype } from '../hdf5/model.ts'
import { encodeNumbers } from './number-bytes.ts'

/** Spec: `index` counts the events of a file from 1; on a selection it starts anew. Values for the output rows, in the type of the source. */
export function composeIndexRows(datatype: Datatype, start: number, stop: number): Uint8Array {
  return encodeNumbers(
    datatype,
    Float64Array.from({ length: stop - start }, (_, offset) => start + offset + 1),
  )
}
