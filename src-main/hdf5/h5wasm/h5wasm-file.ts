import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { Hdf5Error, Internal, InvalidInput, ProcessGone, type WeirError } from '../../errors.ts'
import { nodeDisk } from '../disk/node-disk.ts'
import { LIMITS, type RawData } from '../model.ts'
import type { StoredDataset } from '../reading/stored-object.ts'
import { unpackError } from '../thread-errors.ts'
import { restoreByteOrder } from './byte-order.ts'
import type { Fault } from './examine-file.ts'
import { keepThread, takeThread } from './h5wasm-threads.ts'
import type { H5wasmAnswer, H5wasmRequest, ObjectDescription, ObjectSummary } from './h5wasm-messages.ts'

export type { Fault, ObjectDescription, ObjectSummary }

const DEFAULT_TIMEOUT_MS = 60_000

type AnswerOf<Kind extends H5wasmAnswer['kind']> = Extract<H5wasmAnswer, { readonly kind: Kind }>

export interface H5wasmOptions {
  /** For each request; then the thread is ended. */
  readonly timeoutMs?: number | undefined
}

/**
 * A file as HDF5 itself (2.0 in WebAssembly) sees it: decoder of last resort, and judge of what was written.
 *
 * It lives in a thread of its own. A request that takes too long, or makes WebAssembly stop, ends the thread: it and
 * every later one reject with ProcessGone (E_TIMEOUT, E_GONE). Trouble in the file is an Hdf5Error in HDF5's words.
 */
export class H5wasmFile {
  readonly #worker: Worker
  readonly #timeoutMs: number
  /** The end of the queue: requests run one after another, so that each has its whole time. */
  #last: Promise<unknown> = Promise.resolve()
  /** Lists come in several requests, and the thread keeps the place of one list only. */
  #lastList: Promise<unknown> = Promise.resolve()
  #ended: WeirError | undefined
  /** No request failed: what the library holds of this file, it gives back. */
  #isClean = true
  /** Requests without an answer. */
  #asked = 0
  #reject: ((reason: WeirError) => void) | undefined

  private constructor(
    readonly path: string,
    options: H5wasmOptions,
  ) {
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    this.#worker = takeThread()
    this.#worker.on('error', (thrown) => this.#end(this.#gone(thrown.message)))
    this.#worker.on('exit', (code) => this.#end(this.#gone(`exit code ${code}`)))
    this.#worker.unref()
  }

  /** Opens a regular file for reading. Throws E_KIND, E_MISSING, E_MAGIC, E_TRUNC, E_SUPER, E_META. */
  static async open(path: string, options: H5wasmOptions = {}): Promise<H5wasmFile> {
    const facts = await nodeDisk.follow(path)
    if (!facts) throw new InvalidInput('E_MISSING', `${path}: there is no such file`, { path })
    if (facts.kind !== 'file') {
      throw new InvalidInput('E_KIND', `${path}: not a regular file`, {
        path,
        expected: 'file',
        actual: facts.kind,
      })
    }
    const file = new H5wasmFile(path, options)
    try {
      await file.#ask({ kind: 'open', path, pluginFolder: findPlugins() }, 'opened')
      return file
    } catch (thrown) {
      await file.close()
      throw thrown
    }
  }

  /** All objects; links are listed and not followed, a group reached twice is entered once. */
  listObjects(): Promise<readonly ObjectSummary[]> {
    const objects = this.#lastList.then(() => this.#listBatches())
    this.#lastList = objects.catch(() => undefined)
    return objects
  }

  async #listBatches(): Promise<readonly ObjectSummary[]> {
    const all: ObjectSummary[] = []
    for (;;) {
      const { objects, isDone } = await this.#ask({ kind: 'list', isFirst: all.length === 0 }, 'list')
      for (const object of objects) all.push(object)
      if (all.length > LIMITS.visitedBlocks) throw this.#tooManyObjects(all.length)
      if (isDone) return all
    }
  }

  /** Opens every object and reads every attribute; gives what the library refuses. */
  async examine(): Promise<readonly Fault[]> {
    const all: Fault[] = []
    for (let isFirst = true; ; isFirst = false) {
      const { faults, isDone } = await this.#ask({ kind: 'examine', isFirst }, 'examine')
      all.push(...faults)
      if (isDone) return all
    }
  }

  /** Reads rows of any type and forgets them. */
  async touchRows(object: string, start: number, stop: number): Promise<void> {
    await this.#ask({ kind: 'touch', object, start, stop }, 'touched')
  }

  async describe(object: string): Promise<ObjectDescription> {
    return (await this.#ask({ kind: 'describe', object }, 'describe')).description
  }

  /**
   * Rows `start` to `stop` (excluded) of a dataset, numbers little-endian. A scalar has one row, a null dataset none.
   * Throws E_TYPE for variable-length values.
   */
  async readRows(object: string, start: number, stop: number): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.#ask({ kind: 'read', object, start, stop }, 'read')).bytes
  }

  /** The same in the byte order that the file has. Bytes between the members of a big-endian compound may be lost. */
  async readRowsAs(dataset: StoredDataset, start: number, stop: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.readRows(dataset.path, start, stop)
    restoreByteOrder(bytes, dataset.datatype)
    return bytes
  }

  /** Rows with variable-length parts, as the file lays them out. Big-endian parts keep their order. */
  async readVariableRows(dataset: StoredDataset, start: number, stop: number): Promise<RawData> {
    const { path: object, datatype } = dataset
    return (await this.#ask({ kind: 'read-variable', object, datatype, start, stop }, 'read-variable')).data
  }

  /** Ends what was asked for and not yet answered. */
  async close(): Promise<void> {
    // A second time: the thread may serve another file by now.
    if (this.#ended !== undefined) return
    if (this.#isClean && this.#asked === 0 && (await this.#letGo())) return
    this.#end(new ProcessGone('E_GONE', `${this.path}: closed`, { path: this.path }))
    await this.#worker.terminate()
  }

  /** The thread is good for another file if it closes this one. */
  async #letGo(): Promise<boolean> {
    try {
      await this.#ask({ kind: 'close' }, 'closed')
    } catch {
      // Then it is ended, which always works.
      return false
    }
    this.#ended = new ProcessGone('E_GONE', `${this.path}: closed`, { path: this.path })
    await keepThread(this.#worker)
    return true
  }

  #ask<Kind extends H5wasmAnswer['kind']>(request: H5wasmRequest, kind: Kind): Promise<AnswerOf<Kind>> {
    this.#asked += 1
    const answer = this.#last.then(() => this.#send(request)).finally(() => (this.#asked -= 1))
    this.#last = answer.catch(() => undefined)
    return answer.then((given) => {
      if (given.kind === kind) return given as AnswerOf<Kind>
      throw new Internal(`h5wasm answered ${given.kind} to ${request.kind}`)
    })
  }

  async #send(request: H5wasmRequest): Promise<H5wasmAnswer> {
    if (this.#ended) throw this.#ended
    this.#worker.ref()
    try {
      const answer = await this.#exchange(request)
      if (answer.kind !== 'error') return answer
      this.#isClean = false
      const error = unpackError(answer, { path: this.path })
      throw answer.isTrap ? this.#end(error) : error
    } finally {
      this.#worker.unref()
    }
  }

  #exchange(request: H5wasmRequest): Promise<H5wasmAnswer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#end(this.#late(request)), this.#timeoutMs)
      const settle = () => {
        clearTimeout(timer)
        this.#worker.off('message', receive)
        this.#reject = undefined
      }
      const receive = (answer: H5wasmAnswer) => {
        settle()
        resolve(answer)
      }
      this.#reject = (reason) => {
        settle()
        reject(reason)
      }
      this.#worker.on('message', receive)
      this.#worker.postMessage(request)
    })
  }

  /** Ends the thread, once, and what it was doing. */
  #end(reason: WeirError): WeirError {
    if (!this.#ended) {
      this.#ended = reason
      void this.#worker.terminate()
      this.#reject?.(reason)
    }
    return this.#ended
  }

  #tooManyObjects(count: number): Hdf5Error {
    const text = `${this.path}: more than ${LIMITS.visitedBlocks} objects; the file may be damaged`
    return new Hdf5Error('E_META', text, { path: this.path, expected: LIMITS.visitedBlocks, actual: count })
  }

  #gone(reason: string): ProcessGone {
    return new ProcessGone('E_GONE', `${this.path}: the thread of the HDF5 library ended (${reason})`, {
      path: this.path,
    })
  }

  #late(request: H5wasmRequest): ProcessGone {
    const object = 'object' in request ? request.object : undefined
    const seconds = this.#timeoutMs / 1000
    const text = `${this.path}: the HDF5 library did not answer within ${seconds} s; the file may be damaged`
    return new ProcessGone('E_TIMEOUT', text, { path: this.path, object, expected: seconds })
  }
}

/**
 * The folder of the WebAssembly filters, in node_modules also of the bundled program. HDF5 opens it by itself, so in a packed
 * application it is the one beside the archive.
 */
function findPlugins(): string {
  const packageFile = createRequire(import.meta.url).resolve('h5wasm-plugins/package.json')
  const folder = dirname(packageFile).replace(/([/\\]app\.asar)(?=[/\\])/, '$1.unpacked')
  return join(folder, 'plugins')
}
