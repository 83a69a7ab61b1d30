/**
 * The words of HDF5 that reading and writing share: types only, no I/O.
 * Numbers are little-endian on disk unless a datatype says otherwise.
 */

export type StringPadding = 'null-terminated' | 'null-padded' | 'space-padded'
export type Charset = 'ascii' | 'utf-8'

/**
 * A datatype as stored in a file.
 *
 * Spec: "Datatype Message". `size` is the bytes of one element as stored (16 for a variable-length one: length,
 * heap address, heap index). Classes whose details Weir never looks into (floats of odd make, bit fields) keep their
 * raw class bits and properties, so that they are written as they were read.
 */
export type Datatype =
  | {
      readonly class: 'integer'
      readonly size: number
      readonly signed: boolean
      readonly littleEndian: boolean
      readonly bitOffset: number
      readonly precision: number
    }
  | {
      readonly class: 'float'
      readonly size: number
      readonly classBits: number
      readonly properties: Uint8Array
    }
  | {
      readonly class: 'bitfield'
      readonly size: number
      readonly classBits: number
      readonly properties: Uint8Array
    }
  | {
      readonly class: 'string'
      readonly size: number
      readonly padding: StringPadding
      readonly charset: Charset
    }
  | { readonly class: 'opaque'; readonly size: number; readonly tag: string }
  | { readonly class: 'compound'; readonly size: number; readonly members: readonly CompoundMember[] }
  | {
      readonly class: 'enum'
      readonly size: number
      readonly base: Datatype
      readonly members: readonly EnumMember[]
    }
  | {
      readonly class: 'array'
      readonly size: number
      readonly dims: readonly number[]
      readonly base: Datatype
    }
  | {
      readonly class: 'variable-string'
      readonly size: 16
      readonly padding: StringPadding
      readonly charset: Charset
      /** The element's own type (one character); written back as read. */
      readonly base: Datatype
    }
  | { readonly class: 'variable-sequence'; readonly size: 16; readonly base: Datatype }
  | { readonly class: 'reference'; readonly size: number; readonly target: 'object' | 'region' | 'other' }
  /** Time (2), complex (11) and whatever comes; can be named, not carried. */
  | { readonly class: 'unknown'; readonly size: number; readonly classNumber: number }

export interface CompoundMember {
  readonly name: string
  readonly offset: number
  readonly type: Datatype
}

export interface EnumMember {
  readonly name: string
  /** `base.size` bytes, in the byte order of the base type. */
  readonly value: Uint8Array
}

/** Shape of a dataset or attribute. `null` in `maxShape` means unlimited. */
export type Dataspace =
  | { readonly kind: 'null' }
  | { readonly kind: 'scalar' }
  | {
      readonly kind: 'simple'
      readonly shape: readonly number[]
      readonly maxShape: readonly (number | null)[]
    }

/**
 * Elements as stored, with what they point to.
 *
 * `bytes`: the elements, byte order and layout of their datatype. Where the datatype holds variable-length parts, each
 * 16-byte slot is { uint32 LE number of elements, uint32 LE index into `sequences`, 8 zero bytes } in place of
 * the address in the file's heap; an empty or null one has length 0 and index 0xffffffff. `sequences[i]` may hold slots too.
 */
export interface RawData {
  readonly bytes: Uint8Array
  readonly sequences: readonly Uint8Array[]
}

export const NO_SEQUENCE = 0xffffffff

export interface Attribute {
  readonly name: string
  readonly datatype: Datatype
  readonly dataspace: Dataspace
  readonly data: RawData
}

/** One step of a filter pipeline, in the order of encoding. */
export interface FilterSpec {
  readonly id: number
  /** Bit 0: optional (may be skipped for a chunk). */
  readonly flags: number
  readonly values: readonly number[]
  readonly name?: string | undefined
}

export type FilterPipeline = readonly FilterSpec[]

export const FILTER = { deflate: 1, shuffle: 2, fletcher32: 3, szip: 4, lzf: 32000, zstd: 32015 } as const

/** Where one chunk lies. */
export interface ChunkRecord {
  /** Row-major position in the grid of chunks (first dimension slowest), so it stays valid when the dataset grows. */
  readonly gridIndex: number
  readonly address: number
  readonly storedBytes: number
  /** Bit i set: filter i of the pipeline was skipped for this chunk. */
  readonly filterMask: number
}

export type Layout =
  /** `address` null: nothing was written yet, all fill value. */
  | { readonly kind: 'contiguous'; readonly address: number | null; readonly storedBytes: number }
  | { readonly kind: 'compact'; readonly data: Uint8Array }
  | { readonly kind: 'chunked'; readonly chunkShape: readonly number[]; readonly index: ChunkIndex }
  /** `mapping`: the object of the global heap that names its sources; null: it has none. */
  | {
      readonly kind: 'virtual'
      readonly mapping: { readonly address: number; readonly index: number } | null
    }
  /** External storage (message 0x0007). */
  | { readonly kind: 'external' }

export type ChunkIndexKind =
  'btree-v1' | 'single' | 'implicit' | 'fixed-array' | 'extensible-array' | 'btree-v2'

export interface ChunkIndex {
  readonly kind: ChunkIndexKind
  /** Address of the index (of the chunk itself for `single` and `implicit`); null: no chunk was ever written. */
  readonly address: number | null
  /** `single`: stored size and mask of the one chunk if it is filtered. */
  readonly single?: { readonly storedBytes: number; readonly filterMask: number } | undefined
  /** Version of the layout message (3, 4 or 5); sizes inside the newer indexes depend on it. */
  readonly layoutVersion: number
  /** Chunks that reach beyond the dimensions are stored without filters (Spec: DONT_FILTER_PARTIAL_BOUND_CHUNKS). */
  readonly unfilteredEdges?: boolean | undefined
}

/**
 * Bounds on everything that a file says about itself, so that a hostile or broken one ends in a precise error.
 * Source: the bad-input matrix of the design.
 */
export const LIMITS = {
  metadataBlockBytes: 16 * 2 ** 20,
  visitedBlocks: 1_000_000,
  depth: 32,
  linksPerGroup: 1_000_000,
  rank: 32,
  filters: 8,
  chunkBytes: 256 * 2 ** 20,
  attributeBytes: 16 * 2 ** 20,
  sequenceBytes: 64 * 2 ** 20,
} as const

export function elementCount(space: Dataspace): number {
  if (space.kind === 'null') return 0
  if (space.kind === 'scalar') return 1
  return space.shape.reduce((product, length) => product * length, 1)
}

export function shapeOf(space: Dataspace): readonly number[] {
  return space.kind === 'simple' ? space.shape : []
}

/** Does an element hold parts that lie in a heap? */
export function hasVariableParts(type: Datatype): boolean {
  switch (type.class) {
    case 'variable-string':
    case 'variable-sequence':
      return true
    case 'compound':
      return type.members.some((member) => hasVariableParts(member.type))
    case 'array':
      return hasVariableParts(type.base)
    default:
      return false
  }
}

/** Can values of this type be carried to another file? Addresses (references) and unknown classes cannot. */
export function isCarriable(type: Datatype): boolean {
  switch (type.class) {
    case 'reference':
    case 'unknown':
      return false
    case 'compound':
      return type.members.every((member) => isCarriable(member.type))
    case 'array':
    case 'variable-sequence':
    case 'enum':
      return isCarriable(type.base)
    default:
      return true
  }
}
