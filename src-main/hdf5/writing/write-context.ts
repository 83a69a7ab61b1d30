import { InvalidInput, type ErrorDetails } from '../../errors.ts'
import type { WritableFile } from '../disk/disk-port.ts'
import type { FilterPool } from '../filters/filter-pool.ts'
import type { Attribute } from '../model.ts'
import { attributeMessage } from './attribute-encoding.ts'
import { ChunkStore } from './chunk-store.ts'
import { FileSpace } from './file-space.ts'
import { FirstFailure } from './first-failure.ts'
import { GlobalHeap } from './global-heap.ts'
import type { HeaderMessage } from './object-header.ts'
import { DATA_START } from './superblock.ts'
import type { WrittenChunk } from './written-file.ts'

/** A dataset as the file sees it. */
export interface DataStore {
  readonly chunks: readonly WrittenChunk[]
  flush(): Promise<void>
}

export interface WriteOptions {
  readonly inFlightBytes: number
  readonly proofs: boolean
  readonly digestsValuesOf: (path: string) => boolean
}

/** What all objects of a file that is being written share. */
export class WriteContext {
  readonly failure = new FirstFailure()
  readonly space: FileSpace
  readonly heap: GlobalHeap
  readonly chunks: ChunkStore
  /** Is there to be a digest of the values of this dataset? */
  readonly digestsValuesOf: (path: string) => boolean
  /** All datasets that were ever made, removed ones too: what they wrote is part of the file. */
  readonly stores = new Set<DataStore>()
  readonly #attributeMessages = new WeakMap<Attribute, HeaderMessage>()
  #isOpen = true

  constructor(
    readonly file: WritableFile,
    readonly pool: FilterPool,
    { digestsValuesOf, ...chunks }: WriteOptions,
  ) {
    this.space = new FileSpace(file, this.failure, DATA_START)
    this.heap = new GlobalHeap(this.space)
    this.chunks = new ChunkStore({ file, pool, space: this.space, failure: this.failure, ...chunks })
    this.digestsValuesOf = chunks.proofs ? digestsValuesOf : () => false
  }

  get path(): string {
    return this.file.path
  }

  /** The header message of an attribute. Its parts go to the heap the first time only. */
  describeAttribute(attribute: Attribute): HeaderMessage {
    const known = this.#attributeMessages.get(attribute)
    if (known) return known
    const message = attributeMessage(attribute, this.heap)
    this.#attributeMessages.set(attribute, message)
    return message
  }

  /** From now on nothing may be changed or added. */
  seal(): void {
    this.#isOpen = false
  }

  /** Throws the first failure, or InvalidInput (E_CLOSED) if the file is complete or closed. */
  checkOpen(object: string): void {
    this.failure.check()
    if (this.#isOpen) return
    throw this.refuse(
      'E_CLOSED',
      `${object} cannot be changed any more: ${this.path} is complete or closed`,
      {
        object,
      },
    )
  }

  /** The caller's mistake, with the path of the file. */
  refuse(code: string, message: string, details: ErrorDetails): InvalidInput {
    return new InvalidInput(code, message, { path: this.path, ...details })
  }
}
