import type { Hdf5Error } from '../../errors.ts'
import type { Attribute, Dataspace, Datatype, FilterPipeline, Layout } from '../model.ts'

export type Link =
  /** `address` of the object header, file offset (base address added). */
  | { readonly kind: 'hard'; readonly name: string; readonly address: number }
  | { readonly kind: 'soft'; readonly name: string; readonly target: string }
  | { readonly kind: 'external'; readonly name: string; readonly file: string; readonly target: string }
  | { readonly kind: 'other'; readonly name: string; readonly linkType: number }

export interface StoredGroup {
  readonly kind: 'group'
  readonly path: string
  readonly address: number
  /** Sorted by name, byte order. */
  readonly links: readonly Link[]
  readonly attributes: readonly Attribute[]
  /** Attributes that cannot be carried, by name, with the reason. */
  readonly refused: readonly RefusedAttribute[]
}

export interface StoredDataset {
  readonly kind: 'dataset'
  readonly path: string
  readonly address: number
  readonly datatype: Datatype
  /** Address of the committed datatype that `datatype` was taken from; undefined: the dataset's own. */
  readonly committedType?: number | undefined
  readonly dataspace: Dataspace
  readonly layout: Layout
  readonly filters: FilterPipeline
  /** Bytes of one element to use where nothing was written; undefined: zeros. */
  readonly fillValue: Uint8Array | undefined
  /** The fill value of a type with variable-length parts: addresses in this file's heap, of no use in another file. */
  readonly heapFillValue?: Uint8Array | undefined
  /** Where nothing was written HDF5 shows no fill value: it is undefined, or never to be written. Zeros are what most programs show. */
  readonly hasNoFill?: boolean | undefined
  readonly attributes: readonly Attribute[]
  readonly refused: readonly RefusedAttribute[]
}

/** A committed (named) datatype. */
export interface StoredDatatype {
  readonly kind: 'datatype'
  readonly path: string
  readonly address: number
}

export type StoredObject = StoredGroup | StoredDataset | StoredDatatype

export interface RefusedAttribute {
  /** `(attribute)` where damage hides the name, `(attributes)` for all in a heap that cannot be read. */
  readonly name: string
  readonly reason: string
  /** It is damaged; undefined: sound, but of a form that Weir does not carry. */
  readonly error?: Hdf5Error | undefined
}
