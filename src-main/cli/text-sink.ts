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
  #error: Error | undefined

  constructor(stream: Writable) {
    this.#stream = stream
    // Whatever it is, the job goes on.
    stream.on('error', (error) => {
      this.#error ??= error
    })
  }

  /**
   * Why text was lost (a full disk behind `> FILE`). That the reader left is no loss: EPIPE (`weir ... | head`), EIO (terminal closed).
   */
  get loss(): Error | undefined {
    const code = this.#error !== undefined && 'code' in this.#error ? this.#error.code : undefined
    return code === 'EPIPE' || code === 'EIO' ? undefined : this.#error
  }

  get isBusy(): boolean {
    return this.#stream.writableLength > BUSY_BYTES
  }

  write(text: string): void {
    if (this.#error !== undefined || this.#stream.destroyed) return
    this.#stream.write(text)
  }

  flush(): Promise<void> {
    if (this.#error !== undefined || this.#stream.destroyed) return Promise.resolve()
    return new Promise((resolve) => {
      this.#stream.once('error', () => resolve())
      this.#stream.once('close', resolve)
      this.#stream.write('', () => resolve())
    })
  }
}
