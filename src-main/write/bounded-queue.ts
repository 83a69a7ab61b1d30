import { InvalidInput } from '../errors.ts'
import { WakeUp } from './wake-up.ts'

interface Held<T> {
  readonly item: T
  readonly bytes: number
}

interface Waiting<T> extends Held<T> {
  accept(): void
  refuse(error: unknown): void
}

/** Taken places at the front are dropped this many at a time, because that moves all that is behind them. */
const DROP_AT_ONCE = 1024

/**
 * A first-in-first-out queue with room for a number of bytes: whoever adds to a full one waits.
 *
 * One item larger than the room is accepted when nothing else is there. Items are accepted in the order of the calls.
 */
export abstract class BoundedQueue<T> {
  readonly limitBytes: number
  /** Wakes whoever takes: something arrived, or the queue ended. */
  readonly arrivals = new WakeUp()
  readonly #held: (Held<T> | undefined)[] = []
  readonly #waiting: Waiting<T>[] = []
  #first = 0
  #bytes = 0
  #isClosed = false
  #failure: { readonly error: unknown } | undefined

  constructor(limitBytes: number) {
    if (!(limitBytes > 0)) {
      throw new InvalidInput('E_USAGE', `a queue needs room for at least one byte, not ${limitBytes}`, {
        actual: limitBytes,
      })
    }
    this.limitBytes = limitBytes
  }

  /** Items that can be taken. */
  get length(): number {
    return this.#held.length - this.#first
  }

  /** Bytes of the items that can be taken. */
  get bytes(): number {
    return this.#bytes
  }

  /** Items whose producers wait for room. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Nothing will arrive any more: closed or failed. What is held can still be taken. */
  get isEnded(): boolean {
    return this.#failure !== undefined || (this.#isClosed && this.#waiting.length === 0)
  }

  /** Was it closed? Those who wait for room are still served. */
  protected get isClosed(): boolean {
    return this.#isClosed
  }

  /** Set by `fail`. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure
  }

  /** The item at the front, or undefined if there is none now. dcnum: `deque.popleft`. */
  shift(): T | undefined {
    const front = this.#held[this.#first]
    if (front === undefined) return undefined
    this.#held[this.#first] = undefined
    this.#first++
    this.#bytes -= front.bytes
    if (this.length === 0 || this.#first >= DROP_AT_ONCE)
      this.#first -= this.#held.splice(0, this.#first).length
    this.#acceptWaiting()
    return front.item
  }

  /** The item at the front, as soon as there is one; undefined once closed and empty. Rejects once failed and empty. */
  async next(): Promise<T | undefined> {
    for (;;) {
      const item = this.shift()
      if (item !== undefined) return item
      if (this.#failure) throw this.#failure.error
      if (this.isEnded) return undefined
      await this.arrivals.wait()
    }
  }

  /** Nothing more is to be added; those who already wait for room are still served. */
  close(): void {
    this.#isClosed = true
    this.arrivals.wake()
  }

  /** Releases everyone who waits for room with this error, and refuses what is added later. The first error stays. */
  fail(error: unknown): void {
    if (this.#failure) return
    this.#failure = { error }
    for (const waiting of this.#waiting.splice(0)) waiting.refuse(error)
    this.arrivals.wake()
  }

  /** Resolves once the item is in the queue. Rejects with the error of `fail`, or E_CLOSED after `close`. */
  protected add(item: T, bytes: number): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure.error)
    if (this.#isClosed) {
      return Promise.reject(
        new InvalidInput('E_CLOSED', 'the queue is closed: nothing can be added any more'),
      )
    }
    if (this.isUrgent(item) || (this.#waiting.length === 0 && this.hasRoomFor(bytes))) {
      this.#hold({ item, bytes })
      return Promise.resolve()
    }
    return new Promise((accept, refuse) => this.#waiting.push({ item, bytes, accept, refuse }))
  }

  /** May an item of this size enter now? */
  protected hasRoomFor(bytes: number): boolean {
    return this.length === 0 || this.#bytes + bytes <= this.limitBytes
  }

  /** Does the item enter whether there is room or not, before those that wait? Whoever takes needs it to go on. */
  protected isUrgent(_item: T): boolean {
    return false
  }

  /** Lets in what may enter by now; called where another reason than taking made room, or made an item urgent. */
  protected admit(): void {
    const urgent = this.#waiting.filter((waiting) => this.isUrgent(waiting.item))
    for (const waiting of urgent) this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
    for (const waiting of urgent) this.#letIn(waiting)
    this.#acceptWaiting()
  }

  #hold(held: Held<T>): void {
    this.#held.push(held)
    this.#bytes += held.bytes
    this.arrivals.wake()
  }

  #acceptWaiting(): void {
    for (let next = this.#waiting[0]; next && this.hasRoomFor(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#letIn(next)
    }
  }

  #letIn(waiting: Waiting<T>): void {
    this.#hold(waiting)
    waiting.accept()
  }
}
