import { assertNever, toErrorData, type Warning } from '../errors.ts'
import { EMPTY_QUEUE, type QueueContent } from './queued-job.ts'
import { composeQueue, readQueue } from './stored-queue.ts'

/** The file that the queue lasts in; its methods reject as the disk does. */
export interface QueueFile {
  readonly path: string
  /** undefined if there is none. */
  read(): Promise<string | undefined>
  /** Replaces the whole: afterwards the file holds the old text or the new one, whatever happens. */
  write(text: string): Promise<void>
  /** Renames the file to a name that is free, and gives it. */
  setAside(): Promise<string>
}

/**
 * Keeps the queue on disk. What it cannot understand it keeps aside under another name; where that is not possible either, it
 * writes nothing at all rather than over it.
 */
export class JobStore {
  readonly #file: QueueFile
  readonly #onTrouble: (warning: Warning) => void
  #mayWrite = false
  #next: QueueContent | undefined
  #writing: Promise<void> | undefined

  /** `onTrouble` is told of everything that went wrong with the file; nothing of it stops the queue. */
  constructor(file: QueueFile, onTrouble: (warning: Warning) => void) {
    this.#file = file
    this.#onTrouble = onTrouble
  }

  /** The queue of the last session; empty if there is none or it was kept aside. Never rejects. */
  async load(): Promise<QueueContent> {
    this.#mayWrite = true
    let text: string | undefined
    try {
      text = await this.#file.read()
    } catch (thrown) {
      await this.#keepAside(`it cannot be read: ${toErrorData(thrown).message}`)
      return EMPTY_QUEUE
    }
    return text === undefined ? EMPTY_QUEUE : this.#understand(text)
  }

  /** Puts the queue to disk soon, at once if nothing is being written; the newest wins. Does nothing before `load`. */
  save(content: QueueContent): void {
    if (!this.#mayWrite) return
    this.#next = content
    this.#writing ??= this.#writeAll()
  }

  /** Resolves when everything that was given to `save` is on disk, or was told as trouble. */
  async saved(): Promise<void> {
    await this.#writing
  }

  async #understand(text: string): Promise<QueueContent> {
    const read = readQueue(text)
    switch (read.kind) {
      case 'read':
        if (read.refusedCount > 0) await this.#keepAside(`${read.refusedCount} of its jobs are damaged`)
        return read.content
      case 'newer':
        await this.#keepAside(`a newer Weir wrote it (version ${read.version})`)
        return EMPTY_QUEUE
      case 'corrupt':
        await this.#keepAside(read.reason)
        return EMPTY_QUEUE
      default:
        return assertNever(read)
    }
  }

  async #keepAside(reason: string): Promise<void> {
    const { path } = this.#file
    try {
      const keptPath = await this.#file.setAside()
      this.#warn(`the queue in ${path} was not understood (${reason}); it is kept as ${keptPath}`)
    } catch (thrown) {
      this.#mayWrite = false
      this.#warn(
        `the queue in ${path} was not understood (${reason}) and could not be kept aside ` +
          `(${toErrorData(thrown).message}); it is left as it is, and the queue of this session will not last`,
      )
    }
  }

  async #writeAll(): Promise<void> {
    // Given back before the first write, so that `save` sees a writing that has begun.
    await Promise.resolve()
    for (let content = this.#next; content !== undefined; content = this.#next) {
      this.#next = undefined
      try {
        await this.#file.write(composeQueue(content))
      } catch (thrown) {
        this.#warn(
          `the queue could not be saved in ${this.#file.path} (${toErrorData(thrown).message}); ` +
            'it is tried again at the next change',
        )
      }
    }
    this.#writing = undefined
  }

  #warn(message: string): void {
    this.#onTrouble({ code: 'W_QUEUE', message, path: this.#file.path })
  }
}
