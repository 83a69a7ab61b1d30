/**
 * Random numbers that are the same on every machine for the same seed.
 * Source: mulberry32 (Tommy Ettinger, public domain), one 32-bit word of state.
 */
export class SeededRandom {
  #state: number
  #spareNormal: number | null = null

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Uniform over the 32-bit unsigned integers. */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  /** Uniform in [0, 1), or in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.word() / 2 ** 32)
  }

  /** Normal deviate (Box-Muller, polar form). */
  normal(mean = 0, deviation = 1): number {
    return mean + deviation * this.#standardNormal()
  }

  #standardNormal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal
      this.#spareNormal = null
      return spare
    }
    for (;;) {
      const x = this.uniform(-1, 1)
      const y = this.uniform(-1, 1)
      const square = x * x + y * y
      if (square === 0 || square >= 1) continue
      const factor = Math.sqrt((-2 * Math.log(square)) / square)
      this.#spareNormal = y * factor
      return x * factor
    }
  }
}

/** One seed made of several numbers, so that every frame and every purpose has a stream of its own. */
export function mixSeed(...parts: readonly number[]): number {
  let hash = 0x811c9dc5
  for (const part of parts) {
    hash = Math.imul(hash ^ (part >>> 0), 0x9e3779b1) >>> 0
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0
    hash = (hash ^ (hash >>> 13)) >>> 0
  }
  return hash
}
