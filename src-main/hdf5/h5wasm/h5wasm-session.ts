import { Hdf5Error, InvalidInput, Unsupported } from '../../errors.ts'
import type { Datatype, RawData } from '../model.ts'
import { hasPointers, type LibraryCalls } from './examine-file.ts'
import type { DatatypeClass, ObjectDescription, ObjectSummary } from './h5wasm-messages.ts'
import { toHdf5Error } from './hdf5-diagnosis.ts'
import type { Hdf5Library, LoadedHdf5 } from './load-h5wasm.ts'
import { takeMemoryElements } from './memory-elements.ts'

type Metadata = ReturnType<Hdf5Library['get_dataset_metadata']>

/** WebAssembly stopped; nothing that it holds can be trusted any more. */
export class WasmTrap extends Error {}

/** At most so many bytes are in WebAssembly's memory for one call; a longer row goes alone. */
const PIECE_BYTES = 64 * 2 ** 20
const MOST_ROW_BYTES = 2 ** 30
const READ_ONLY = 0
/** What h5wasm says when it threw by itself; the reason is what HDF5 printed before. */
const OWN_MESSAGE = 'error - '

const CLASSES: readonly DatatypeClass[] = [
  'integer',
  'float',
  'time',
  'string',
  'bitfield',
  'opaque',
  'compound',
  'reference',
  'enum',
  'variable-sequence',
  'array',
]

/** One file, open for reading in the WebAssembly library of this thread. */
export class H5wasmSession {
  readonly #library: Hdf5Library
  readonly #loaded: LoadedHdf5
  readonly #file: bigint
  readonly #path: string

  /** Throws Hdf5Error (E_MAGIC, E_TRUNC, E_SUPER, E_META) with HDF5's reason. */
  constructor(loaded: LoadedHdf5, path: string) {
    this.#path = path
    this.#loaded = loaded
    this.#library = loaded.library
    this.#file = this.#call(undefined, (library) => library.open(path, READ_ONLY, false, -1, -1))
  }

  /**
   * All objects, children by name. Links that are not hard are listed as `other` and not followed; a group that is
   * reached again by another hard link is listed there too, its children are not.
   */
  *walkObjects(): Generator<ObjectSummary, void> {
    yield this.#summarizeGroup('/')
    const visited = new Set([this.#addressOf('/')])
    const waiting = ['/']
    for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
      const object = group
      const names = this.#call(object, (library) => library.get_names(this.#file, object, false))
      for (const name of names.sort()) {
        const summary = this.#summarize(group === '/' ? `/${name}` : `${group}/${name}`)
        yield summary
        if (summary.kind !== 'group') continue
        const address = this.#addressOf(summary.path)
        if (!visited.has(address)) waiting.push(summary.path)
        visited.add(address)
      }
    }
  }

  /** The library with this file, for what lies outside of this class. */
  get calls(): LibraryCalls {
    return { file: this.#file, call: (object, work) => this.#call(object, work) }
  }

  /** Throws where the library cannot let go of the file. */
  close(): void {
    const status = this.#call(undefined, (library) => library.close_file(this.#file))
    if (status < 0) throw new WasmTrap(`${this.#path} could not be closed`)
  }

  describe(object: string): ObjectDescription {
    const summary = object === '/' ? this.#summarizeGroup('/') : this.#summarize(object)
    const file = this.#file
    if (summary.kind === 'other') return { ...summary, chunkShape: null, filters: [], attributeNames: [] }
    const attributeNames = this.#call(object, (library) => library.get_attribute_names(file, object))
    if (summary.kind === 'group') return { ...summary, chunkShape: null, filters: [], attributeNames }
    const { chunks } = this.#metadataOf(object)
    const filters = this.#call(object, (library) => library.get_dataset_filters(file, object))
    return {
      ...summary,
      chunkShape: chunks,
      filters: filters.map((filter) => ({ id: filter.id, name: filter.name, values: filter.cd_values })),
      attributeNames,
    }
  }

  /** Rows of a dataset, in the little-endian form that h5wasm gives. */
  readRows(object: string, start: number, stop: number): Uint8Array<ArrayBuffer> {
    const metadata = this.#metadataOf(object)
    const shape = metadata.shape ?? [0]
    const rowCount = shape[0] ?? 1
    const place = { path: this.#path, object }
    requireRange(place, { start, stop, rowCount })
    requireFixedSize(place, metadata)
    const rowBytes = shape.slice(1).reduce((bytes, length) => bytes * length, metadata.size)
    if (rowBytes > MOST_ROW_BYTES) throw tooLarge(place, rowBytes)
    const result = new Uint8Array((stop - start) * rowBytes)
    if (result.byteLength === 0) return result
    const pieceRows = Math.max(1, Math.floor(PIECE_BYTES / rowBytes))
    for (let row = start; row < stop; row += pieceRows) {
      const end = Math.min(row + pieceRows, stop)
      const into = result.subarray((row - start) * rowBytes, (end - start) * rowBytes)
      this.#readSlab({ object, shape, start: row, stop: end }, into)
    }
    return result
  }

  /** Rows with variable-length parts. */
  readVariable({ object, datatype, start, stop }: VariableRows): RawData {
    const metadata = this.#metadataOf(object)
    const shape = metadata.shape ?? [0]
    const rowCount = shape[0] ?? 1
    requireRange({ path: this.#path, object }, { start, stop, rowCount })
    const count = shape.slice(1).reduce((product, length) => product * length, stop - start)
    const byteCount = count * metadata.size
    if (byteCount > PIECE_BYTES) throw tooLarge({ path: this.#path, object }, byteCount)
    if (byteCount === 0) return { bytes: new Uint8Array(0), sequences: [] }
    const slab = { object, shape, start, stop, byteCount }
    return this.#withSlab(slab, (pointer) => {
      try {
        const memory = this.#library.HEAPU8
        return takeMemoryElements({ memory, pointer, count, datatype, metadata })
      } finally {
        this.#reclaim(object, pointer, count)
      }
    })
  }

  #reclaim(object: string, pointer: number, count: number): void {
    const counts = [BigInt(count)]
    this.#call(object, (library) =>
      library.reclaim_vlen_memory_count(this.#file, object, '', BigInt(pointer), counts),
    )
  }

  #readSlab(slab: Slab, into: Uint8Array): void {
    this.#withSlab({ ...slab, byteCount: into.byteLength }, (pointer) => {
      into.set(this.#library.HEAPU8.subarray(pointer, pointer + into.byteLength))
    })
  }

  /** Reads the rows into WebAssembly's memory for as long as they are used. */
  #withSlab<T>(slab: Slab & { readonly byteCount: number }, use: (pointer: number) => T): T {
    const library = this.#library
    const { object, shape, start, stop, byteCount } = slab
    const isScalar = shape.length === 0
    const count = shape.map((length, i) => BigInt(i === 0 ? stop - start : length))
    const offset = shape.map((_length, i) => BigInt(i === 0 ? start : 0))
    const strides = shape.map(() => 1n)
    const pointer = library._malloc(byteCount)
    if (pointer === 0) throw tooLarge({ path: this.#path, object }, byteCount)
    try {
      this.#call(object, () =>
        isScalar
          ? library.get_dataset_data(this.#file, object, null, null, null, BigInt(pointer))
          : library.get_dataset_data(this.#file, object, count, offset, strides, BigInt(pointer)),
      )
      return use(pointer)
    } finally {
      library._free(pointer)
    }
  }

  #summarize(path: string): ObjectSummary {
    switch (this.#kindOf(path)) {
      case 'group':
        return this.#summarizeGroup(path)
      case 'dataset':
        return this.#summarizeDataset(path)
      case 'other':
        return {
          path,
          kind: 'other',
          shape: null,
          datatypeClass: null,
          elementBytes: null,
          attributeCount: 0,
        }
    }
  }

  /** Soft and external links are recognized before anything would follow them. */
  #kindOf(object: string): ObjectSummary['kind'] {
    return this.#call(object, (library) => {
      const file = this.#file
      // Its type says text, but of what is no soft link there is none.
      const target = library.get_symbolic_link(file, object) as string | null
      if (target !== null) return 'other'
      if ('filename' in library.get_external_link(file, object)) return 'other'
      const type = library.get_type(file, object)
      if (type === library.H5G_GROUP) return 'group'
      return type === library.H5G_DATASET ? 'dataset' : 'other'
    })
  }

  #summarizeGroup(path: string): ObjectSummary {
    const attributeCount = this.#countAttributes(path)
    return { path, kind: 'group', shape: null, datatypeClass: null, elementBytes: null, attributeCount }
  }

  #summarizeDataset(path: string): ObjectSummary {
    const metadata = this.#metadataOf(path)
    const datatypeClass = classOf(metadata)
    const isVariable = datatypeClass === 'variable-string' || datatypeClass === 'variable-sequence'
    return {
      path,
      kind: 'dataset',
      shape: metadata.shape,
      datatypeClass,
      elementBytes: isVariable ? 16 : metadata.size,
      attributeCount: this.#countAttributes(path),
    }
  }

  #metadataOf(object: string): Metadata {
    return this.#call(object, (library) => library.get_dataset_metadata(this.#file, object))
  }

  #countAttributes(object: string): number {
    return this.#call(object, (library) => library.get_attribute_names(this.#file, object)).length
  }

  #addressOf(object: string): string {
    return this.#call(object, (library) => library.create_object_reference(this.#file, object)).join()
  }

  /** Calls the library; whatever it prints means that something failed. */
  #call<T>(object: string | undefined, work: (library: Hdf5Library) => T): T {
    const { library, output } = this.#loaded
    const details = { path: this.#path, object }
    output.take()
    let result: T
    try {
      result = work(library)
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      if (message.startsWith(OWN_MESSAGE)) throw toHdf5Error(output.take(), details)
      throw new WasmTrap(message, { cause: thrown })
    }
    const text = output.take()
    if (text.includes('HDF5-DIAG')) throw toHdf5Error(text, details)
    return result
  }
}

/** As they are asked for. */
export interface VariableRows {
  readonly object: string
  readonly datatype: Datatype
  readonly start: number
  readonly stop: number
}

interface Slab {
  readonly object: string
  readonly shape: readonly number[]
  readonly start: number
  readonly stop: number
}

function classOf(metadata: Metadata): DatatypeClass {
  return metadata.vlen ? 'variable-string' : (CLASSES[metadata.type] ?? 'unknown')
}

interface Place {
  readonly path: string
  readonly object: string
}

function requireRange(place: Place, rows: { start: number; stop: number; rowCount: number }): void {
  const { start, stop, rowCount } = rows
  if (start >= 0 && start <= stop && stop <= rowCount) return
  const actual = `${start} to ${stop}`
  const text = `${place.path}: ${place.object}: rows ${actual} of ${rowCount}`
  throw new InvalidInput('E_RANGE', text, { ...place, expected: rowCount, actual })
}

/** Variable-length parts are pointers into WebAssembly's memory here, worthless outside. */
function requireFixedSize(place: Place, metadata: Metadata): void {
  if (!hasPointers(metadata)) return
  const text = `${place.path}: ${place.object}: variable-length values cannot be read as bytes by h5wasm`
  throw new Unsupported('E_TYPE', text, place)
}

function tooLarge(place: Place, bytes: number): Hdf5Error {
  const text = `${place.path}: ${place.object}: ${bytes} bytes at once are more than h5wasm can hold`
  return new Hdf5Error('E_CHUNKSIZE', text, { ...place, actual: bytes })
}
