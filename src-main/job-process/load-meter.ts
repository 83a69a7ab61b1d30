/** Shorter intervals, as between two changes of phase, say nothing. */
const LEAST_INTERVAL_MS = 50

/** The mean of a level between 0 and 1 over the time between two readings. */
export class LoadMeter {
  readonly #now: () => number
  #level = 0
  #levelSince: number
  #takenAt: number
  #busyMs = 0
  #load = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#levelSince = now()
    this.#takenAt = this.#levelSince
  }

  /** From now on. */
  set(level: number): void {
    this.#addUp()
    this.#level = level
  }

  /** 0 to 1 since the last call; the same again where that was just now. */
  take(): number {
    const intervalMs = this.#now() - this.#takenAt
    if (intervalMs < LEAST_INTERVAL_MS) return this.#load
    this.#addUp()
    this.#load = Math.min(1, this.#busyMs / intervalMs)
    this.#takenAt = this.#levelSince
    this.#busyMs = 0
    return this.#load
  }

  #addUp(): void {
    const now = this.#now()
    this.#busyMs += this.#level * (now - this.#levelSince)
    this.#levelSince = now
  }
}
