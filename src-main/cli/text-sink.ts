import type { Writable } from 'node:stream'

/** Where text goes that the program says. A reader that went away never harms the job. */
export interface TextSink {
  write(text: string): void
  /** True while more waits than the reader takes: what can be left out is then left out. */
  readonly isBusy: boolean
  /** Resolves when all text has been taken, or nobody is there to take it. */
  flush(): Promise<void>
}

/** Lines of progress are left out above this; results and warnings never are. */
const BUSY_BYTES = 64 * 1024

export class StreamSink implements TextSink {
  readonly #stream: Writable
  #isGone = false

  constructor(stream: Writable) {
    this.#stream = stream
    // EPIPE (`weir ... | head`), EIO (terminal closed): there is nobody left to tell, and the job goes on.
    stream.on('error', () => {
      this.#isGone = true
    })
  }

  get isBusy(): boolean {
    return this.#stream.writableLength > BUSY_BYTES
  }

  write(text: string): void {
    if (this.#isGone || this.#stream.destroyed) return
    this.#stream.write(text)
  }

  flush(): Promise<void> {
    if (this.#isGone || this.#stream.destroyed) return Promise.resolve()
    return new Promise((resolve) => {
      this.#stream.once('error', () => resolve())
      this.#stream.once('close', resolve)
      this.#stream.write('', () => resolve())
    })
  }
}
