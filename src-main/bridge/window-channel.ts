import type { WindowEvent } from '../jobs/queue-view.ts'

type WithoutSequence<Event> = Event extends unknown ? Omit<Event, 'sequence'> : never

/** A `WindowEvent` before it is sent. */
export type WindowNews = WithoutSequence<WindowEvent>

/** Sends events to the window, each with the next number. */
export class WindowChannel {
  readonly #post: (event: WindowEvent) => void
  #sequence = 0

  /** `post` never throws; what it is given while there is no window is lost, and the window asks for the whole when it opens. */
  constructor(post: (event: WindowEvent) => void) {
    this.#post = post
  }

  /** Number of the last event that was sent. */
  get sequence(): number {
    return this.#sequence
  }

  send(news: WindowNews): void {
    this.#sequence += 1
    this.#post({ ...news, sequence: this.#sequence })
  }
}
