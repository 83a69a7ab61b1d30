import type { TextSink } from './text-sink.ts'

/** The last line of a terminal, written again and again; on anything else it does nothing. */
export class StatusLine {
  readonly #stderr: TextSink
  readonly #columns: (() => number) | undefined
  #isShown = false

  /** `columns`: width of the terminal now; undefined where standard error is none. */
  constructor(stderr: TextSink, columns: (() => number) | undefined) {
    this.#stderr = stderr
    this.#columns = columns
  }

  show(text: string): void {
    if (this.#columns === undefined) return
    // A line as wide as the terminal would wrap, and then could not be taken back.
    const fitting = [...text].slice(0, Math.max(1, this.#columns() - 1)).join('')
    this.#stderr.write(`\r${fitting}\u001b[K`)
    this.#isShown = true
  }

  /** Before anything else is written, to either stream: both may be the same terminal. */
  clear(): void {
    if (!this.#isShown) return
    this.#stderr.write('\r\u001b[K')
    this.#isShown = false
  }
}
