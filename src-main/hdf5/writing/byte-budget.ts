interface Waiter {
  readonly byteCount: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * Bounds the bytes that are on their way. First come, first served; something larger than the whole budget passes alone.
 */
export class ByteBudget {
  readonly #limitBytes: number
  readonly #waiters: Waiter[] = []
  #taken = 0
  #error: Error | undefined

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get taken(): number {
    return this.#taken
  }

  /** Resolves when there is room; rejects once `fail` was called. */
  async take(byteCount: number): Promise<void> {
    if (this.#error) throw this.#error
    if (this.#waiters.length === 0 && this.#hasRoom(byteCount)) {
      this.#taken += byteCount
      return
    }
    await new Promise<void>((resolve, reject) => this.#waiters.push({ byteCount, resolve, reject }))
  }

  give(byteCount: number): void {
    this.#taken -= byteCount
    while (this.#waiters[0] && this.#hasRoom(this.#waiters[0].byteCount)) {
      const waiter = this.#waiters.shift()!
      this.#taken += waiter.byteCount
      waiter.resolve()
    }
  }

  /** Ends all waiting, now and later, with this error. */
  fail(error: Error): void {
    this.#error ??= error
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#error)
  }

  #hasRoom(byteCount: number): boolean {
    return this.#taken === 0 || this.#taken + byteCount <= this.#limitBytes
  }
}
