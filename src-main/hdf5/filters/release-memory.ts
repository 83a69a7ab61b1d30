/** The part of ES2024 that came with Node 21 and is not in the types of Node 20. */
interface MovableBuffer {
  transfer?(byteCount: number): ArrayBuffer
}

/**
 * Gives the memory of a buffer that nobody uses any more back at once: the next one of its size gets it while it is in the cache of the
 * processor. Left to the garbage collector, each thread holds tens of megabytes of them. Does nothing where the runtime cannot (Node 20).
 */
export function releaseMemory({ buffer }: Uint8Array<ArrayBuffer>): void {
  // No larger than Node's pool: then it may be the pool, which others use too.
  if (buffer.byteLength <= Buffer.poolSize) return
  ;(buffer as ArrayBuffer & MovableBuffer).transfer?.(0)
}
