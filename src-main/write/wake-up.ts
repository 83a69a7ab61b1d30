/**
 * Lets a loop sleep until something happened, without polling.
 *
 * A sleeper looks at the state, and if there is nothing to do calls `wait()` before anything else can run: then no `wake()` is missed.
 */
export class WakeUp {
  #next: Promise<void>
  #wake: () => void

  constructor() {
    const { promise, resolve } = makeSignal()
    this.#next = promise
    this.#wake = resolve
  }

  /** Resolves at the next `wake()`. All that wait share one promise, so waiting again and again leaves nothing behind. */
  wait(): Promise<void> {
    return this.#next
  }

  wake(): void {
    const wakeSleepers = this.#wake
    const { promise, resolve } = makeSignal()
    this.#next = promise
    this.#wake = resolve
    wakeSleepers()
  }
}

function makeSignal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
