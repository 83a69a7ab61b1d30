/** How often something that failed may be started again. */
export interface RestartAllowance {
  readonly count: number
  readonly windowMs: number
}

const USUAL_ALLOWANCE: RestartAllowance = { count: 3, windowMs: 10 * 60_000 }

/** Counts failures of each key, so that what always fails is not started for ever: three in ten minutes, where nothing else is said. */
export class RestartLimit {
  readonly #failures = new Map<string, readonly number[]>()
  readonly #allowance: RestartAllowance
  readonly #readMs: () => number

  /** `readMs`: a clock that never goes back. */
  constructor(allowance = USUAL_ALLOWANCE, readMs: () => number = () => performance.now()) {
    this.#allowance = allowance
    this.#readMs = readMs
  }

  note(key: string): void {
    this.#failures.set(key, [...this.#recent(key), this.#readMs()])
  }

  isReached(key: string): boolean {
    return this.#recent(key).length >= this.#allowance.count
  }

  #recent(key: string): readonly number[] {
    const since = this.#readMs() - this.#allowance.windowMs
    return (this.#failures.get(key) ?? []).filter((ms) => ms > since)
  }
}
