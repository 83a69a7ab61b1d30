import { releaseMemory } from './release-memory.ts'

/** Smaller ones are made and dropped as cheaply. */
const SMALLEST_BYTES = 2 ** 16
const MOST_IDLE_BYTES = 32 * 2 ** 20

/**
 * Buffers for chunks, used again and again: a new one for each chunk would make the system clear the memory and the garbage
 * collector count it, gigabyte after gigabyte.
 *
 * A buffer has one owner at a time. It goes with a chunk to a filter thread, comes back with what the chunk became, and is given
 * back here by whoever is the last to need it.
 */
export class ChunkBuffers {
  readonly #idle: ArrayBuffer[] = []
  /** Handed out and not given back; those that were dropped instead go by themselves. */
  readonly #lent = new WeakSet<ArrayBuffer>()
  #idleBytes = 0

  /** So many bytes at the start of a buffer with room for `capacity`. They hold anything: the taker writes all of them. */
  take(byteCount: number, capacity = byteCount): Uint8Array<ArrayBuffer> {
    if (capacity < SMALLEST_BYTES) return new Uint8Array(byteCount)
    const buffer =
      this.#takeIdle(capacity) ?? new ArrayBuffer(Math.ceil(capacity / SMALLEST_BYTES) * SMALLEST_BYTES)
    this.#lent.add(buffer)
    return new Uint8Array(buffer, 0, byteCount)
  }

  /** Does the buffer belong here? Then it may be transferred although the bytes are only a part of it. */
  isLent(bytes: Uint8Array<ArrayBuffer>): boolean {
    return this.#lent.has(bytes.buffer)
  }

  /** A lent buffer that comes back from another thread is a new object. */
  follow(bytes: Uint8Array<ArrayBuffer>): void {
    this.#lent.add(bytes.buffer)
  }

  /**
   * Takes a buffer back; one that does not belong here is left alone. The giver does not touch it any more. What has waited longest makes
   * room: other work asks for other sizes.
   */
  give(bytes: Uint8Array<ArrayBuffer>): void {
    const { buffer } = bytes
    if (!this.#lent.delete(buffer)) return
    this.#idle.push(buffer)
    this.#idleBytes += buffer.byteLength
    while (this.#idleBytes > MOST_IDLE_BYTES) {
      const oldest = this.#idle.shift()!
      this.#idleBytes -= oldest.byteLength
      releaseMemory(new Uint8Array(oldest))
    }
  }

  #takeIdle(capacity: number): ArrayBuffer | undefined {
    const place = this.#idle.findLastIndex(
      ({ byteLength }) => byteLength >= capacity && byteLength < 2 * capacity,
    )
    const [buffer] = place < 0 ? [] : this.#idle.splice(place, 1)
    this.#idleBytes -= buffer?.byteLength ?? 0
    return buffer
  }
}

/** Those of this thread. */
export const chunkBuffers = new ChunkBuffers()
