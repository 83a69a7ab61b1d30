import { Hdf5Error } from '../../errors.ts'
import { makesTooMuch } from './zstd-codec.ts'

/** A control byte below this is the length of bytes that stand as they are, less one. */
const FIRST_MATCH = 32
const LONG_MATCH = 7

/**
 * Undoes LZF (h5py's filter 32000): runs of bytes as they are, and runs that repeat what was made up to 8 KiB before. Throws E_CHUNK
 * for a stream that is none, E_BOMB if it makes more than `limitBytes`.
 */
export function decompressLzf(data: Uint8Array, limitBytes: number): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(limitBytes)
  let from = 0
  let to = 0
  const next = (): number => {
    const byte = data[from++]
    if (byte === undefined) throw damaged('it ends within a run')
    return byte
  }
  while (from < data.length) {
    const control = next()
    if (control < FIRST_MATCH) {
      const end = from + control + 1
      if (end > data.length) throw damaged('it ends within a run')
      if (to + control + 1 > limitBytes) throw makesTooMuch(limitBytes)
      made.set(data.subarray(from, end), to)
      to += control + 1
      from = end
      continue
    }
    const short = control >> 5
    const length = (short === LONG_MATCH ? LONG_MATCH + next() : short) + 2
    let source = to - (((control & 0x1f) << 8) | next()) - 1
    if (source < 0) throw damaged('it repeats what was not there')
    if (to + length > limitBytes) throw makesTooMuch(limitBytes)
    // A run may repeat itself, so that it is copied byte by byte.
    for (const end = to + length; to < end;) made[to++] = made[source++]!
  }
  return made.subarray(0, to)
}

function damaged(reason: string): Hdf5Error {
  return new Hdf5Error('E_CHUNK', `the LZF stream is damaged: ${reason}`)
}
