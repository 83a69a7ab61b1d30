/** SIGINT, SIGTERM, SIGHUP as two steps: most commands cancel at the first; `record` drains at the first and aborts at the second. */
export interface SignalSteps {
  readonly first: AbortSignal
  readonly second: AbortSignal
}

/** SIGHUP: the terminal was closed. Node resets an inherited "ignore" of it, so without a handler it would kill in the middle of a write. */
const CAUGHT = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * One press of Ctrl-C reaches the program twice under `npm run` and other launchers: from the terminal and forwarded by the
 * launcher. The same signal again within this time is therefore the same one.
 */
const ECHO_MS = 100

export class SignalCounter implements SignalSteps {
  readonly #first = new AbortController()
  readonly #second = new AbortController()
  readonly #now: () => number
  #lastName = ''
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  get first(): AbortSignal {
    return this.#first.signal
  }

  get second(): AbortSignal {
    return this.#second.signal
  }

  raise(name: string): void {
    const nowMs = this.#now()
    const isEcho = name === this.#lastName && nowMs - this.#lastMs < ECHO_MS
    if (isEcho) return
    this.#lastName = name
    this.#lastMs = nowMs
    if (this.first.aborted) this.#second.abort()
    else this.#first.abort()
  }

  /** Both steps at once: nothing may go on. */
  raiseAll(): void {
    this.#first.abort()
    this.#second.abort()
  }
}

/** What of `process` signals need. */
export interface SignalEmitter {
  on(name: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): unknown
  off(name: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): unknown
}

/** Calls `listener` at each signal until the returned function is called. */
export function listenToSignals(
  emitter: SignalEmitter,
  listener: (name: NodeJS.Signals) => void,
): () => void {
  for (const name of CAUGHT) emitter.on(name, listener)
  return () => {
    for (const name of CAUGHT) emitter.off(name, listener)
  }
}
