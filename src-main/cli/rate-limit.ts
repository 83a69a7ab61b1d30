/** At most so many in any stretch of time. */
export class RateLimit {
  readonly #most: number
  readonly #stretchMs: number
  readonly #timesMs: number[] = []

  constructor({ most, stretchMs }: { readonly most: number; readonly stretchMs: number }) {
    this.#most = most
    this.#stretchMs = stretchMs
  }

  /** True: go ahead, it is counted. False: it would be one too many. */
  take(nowMs: number): boolean {
    const oldestMs = this.#timesMs.at(-this.#most)
    if (oldestMs !== undefined && nowMs - oldestMs < this.#stretchMs) return false
    this.#timesMs.push(nowMs)
    if (this.#timesMs.length > this.#most) this.#timesMs.shift()
    return true
  }
}
