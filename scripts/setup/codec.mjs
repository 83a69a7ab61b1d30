// The codec: told at the start if it cannot be had, not in the middle of a job.
import * as zlib from 'node:zlib'
import { Refusal } from '../project.mjs'

/** Compresses a few bytes with each zstd that is here; throws a `Refusal` if there is none. */
export async function probeCodec() {
  if (typeof zlib.zstdCompressSync === 'function') return
  try {
    const addon = await import('@toondepauw/node-zstd')
    const { Encoder } = addon.default ?? addon
    const frame = await new Encoder(5).encode(Buffer.from('weir'))
    if (frame.readUInt32LE(0) === 0xfd2fb528) return
    throw new Error('it gave no zstd frame')
  } catch (error) {
    throw new Refusal(
      `no zstd codec for Node ${process.versions.node} on ${process.platform}-${process.arch}: @toondepauw/node-zstd could not be used (${error.message}). Node 22.15 or newer brings its own.`,
    )
  }
}
