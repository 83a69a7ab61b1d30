import type { Datatype, RawData } from '../model.ts'
import type { PackedError } from '../thread-errors.ts'
import type { Fault, RowsOfDataset } from './examine-file.ts'

/** What h5wasm says about an object of the file. */
export interface ObjectSummary {
  readonly path: string
  /** `other`: links that are not followed (soft, external) and committed datatypes. */
  readonly kind: 'group' | 'dataset' | 'other'
  /** Lengths per dimension, `[]` for a scalar; null for a null dataspace and for what is no dataset. */
  readonly shape: readonly number[] | null
  readonly datatypeClass: DatatypeClass | null
  /** 16 for variable-length elements, as stored. In compounds with variable-length members: as in h5wasm's memory. */
  readonly elementBytes: number | null
  readonly attributeCount: number
}

/** The classes of `Datatype`, without those that a file of today cannot have. */
export type DatatypeClass =
  | 'integer'
  | 'float'
  | 'time'
  | 'string'
  | 'variable-string'
  | 'bitfield'
  | 'opaque'
  | 'compound'
  | 'reference'
  | 'enum'
  | 'variable-sequence'
  | 'array'
  | 'unknown'

export interface ObjectDescription extends ObjectSummary {
  readonly chunkShape: readonly number[] | null
  readonly filters: readonly {
    readonly id: number
    readonly name: string
    readonly values: readonly number[]
  }[]
  readonly attributeNames: readonly string[]
}

/** What is asked of the thread; one at a time. */
export type H5wasmRequest =
  /** Loads the library before there is a file; has no answer. */
  | { readonly kind: 'load' }
  | { readonly kind: 'open'; readonly path: string; readonly pluginFolder: string }
  /** The next objects of a walk; `isFirst` starts a new one. */
  | { readonly kind: 'list'; readonly isFirst: boolean }
  | { readonly kind: 'describe'; readonly object: string }
  | ({ readonly kind: 'read' } & RowsOfDataset)
  | ({ readonly kind: 'read-variable'; readonly datatype: Datatype } & RowsOfDataset)
  /** The next part of an examination; `isFirst` starts a new one. */
  | { readonly kind: 'examine'; readonly isFirst: boolean }
  /** Reads rows and forgets them. */
  | ({ readonly kind: 'touch' } & RowsOfDataset)
  /** Closes the file; the thread can open another one then. */
  | { readonly kind: 'close' }

/** What the thread answers. `isTrap`: WebAssembly stopped, the thread is of no use any more. */
export type H5wasmAnswer =
  | { readonly kind: 'opened' }
  | { readonly kind: 'list'; readonly objects: readonly ObjectSummary[]; readonly isDone: boolean }
  | { readonly kind: 'describe'; readonly description: ObjectDescription }
  | { readonly kind: 'read'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'read-variable'; readonly data: RawData }
  | { readonly kind: 'examine'; readonly faults: readonly Fault[]; readonly isDone: boolean }
  | { readonly kind: 'touched' }
  | { readonly kind: 'closed' }
  | ({ readonly kind: 'error'; readonly isTrap: boolean } & PackedError)
