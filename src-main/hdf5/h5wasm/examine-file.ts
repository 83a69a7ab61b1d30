import { Hdf5Error, WeirError } from '../../errors.ts'
import { packError, type PackedError } from '../thread-errors.ts'
import type { Hdf5Library } from './load-h5wasm.ts'

type Metadata = ReturnType<Hdf5Library['get_dataset_metadata']>

/** What HDF5 says of one object that it cannot open or read. */
export interface Fault {
  readonly object: string
  readonly thrown: PackedError
}

/** The library as a session calls it: what goes wrong is thrown, as a WeirError or a trap. */
export interface LibraryCalls {
  readonly file: bigint
  call<T>(object: string, work: (library: Hdf5Library) => T): T
}

/** An attribute that takes more is not read; an attribute of HDF5 has no limit. */
const MOST_ATTRIBUTE_BYTES = 64 * 2 ** 20

/**
 * Opens every object that hard links lead to, with its type and shape, and reads every attribute. One step an object, so that a caller can
 * give the others their turn; a fault ends nothing but its own object.
 */
export function* examineObjects(calls: LibraryCalls): Generator<readonly Fault[], void> {
  const visited = new Set<string>()
  const waiting = ['/']
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    const faults: Fault[] = []
    const children = attempt(object, faults, () => examineObject({ calls, visited, faults }, object))
    waiting.push(...(children ?? []))
    yield faults
  }
}

function attempt<T>(object: string, faults: Fault[], work: () => T): T | undefined {
  try {
    return work()
  } catch (thrown) {
    if (!(thrown instanceof WeirError)) throw thrown
    faults.push({ object, thrown: packError(thrown) })
    return undefined
  }
}

interface Examination {
  readonly calls: LibraryCalls
  readonly visited: Set<string>
  readonly faults: Fault[]
}

/** Gives the paths of the object's children that were not visited. */
function examineObject({ calls, visited, faults }: Examination, object: string): string[] {
  const { file } = calls
  if (object !== '/' && !isHardLink(calls, object)) return []
  const address = calls.call(object, (library) => library.create_object_reference(file, object)).join()
  if (visited.has(address)) return []
  visited.add(address)
  const kind = calls.call(object, (library) => {
    if (library.get_type(file, object) === library.H5G_GROUP) return 'group'
    return library.get_type(file, object) === library.H5G_DATASET ? 'dataset' : 'other'
  })
  if (kind === 'dataset') {
    calls.call(object, (library) => library.get_dataset_metadata(file, object))
    calls.call(object, (library) => library.get_dataset_filters(file, object))
  }
  if (kind === 'other') return []
  const attributes = attempt(object, faults, () =>
    calls.call(object, (library) => library.get_attribute_names(file, object)),
  )
  for (const name of attributes ?? []) attempt(object, faults, () => readAttribute(calls, object, name))
  if (kind === 'dataset') return []
  const names = calls.call(object, (library) => library.get_names(file, object, false))
  return names.map((name) => (object === '/' ? `/${name}` : `${object}/${name}`))
}

function isHardLink(calls: LibraryCalls, object: string): boolean {
  const { file } = calls
  return calls.call(object, (library) => {
    // Its type says text, but of what is no soft link there is none.
    const target = library.get_symbolic_link(file, object) as string | null
    return target === null && !('filename' in library.get_external_link(file, object))
  })
}

function readAttribute(calls: LibraryCalls, object: string, name: string): void {
  const { file } = calls
  const metadata = calls.call(object, (library) => library.get_attribute_metadata(file, object, name))
  const byteCount = metadata.total_size * metadata.size
  if (metadata.shape === null || byteCount === 0 || byteCount > MOST_ATTRIBUTE_BYTES) return
  calls.call(object, (library) => {
    const pointer = library._malloc(byteCount)
    try {
      library.get_attribute_data(file, object, name, BigInt(pointer))
      if (hasPointers(metadata)) library.reclaim_vlen_memory(file, object, name, BigInt(pointer))
    } finally {
      library._free(pointer)
    }
  })
}

export interface RowsOfDataset {
  readonly object: string
  readonly start: number
  readonly stop: number
}

/** Reads rows of any type and forgets them: what the library cannot read is thrown. */
export function touchRows(calls: LibraryCalls, { object, start, stop }: RowsOfDataset): void {
  const { file } = calls
  const metadata = calls.call(object, (library) => library.get_dataset_metadata(file, object))
  const shape = metadata.shape ?? [0]
  const counts = shape.map((length, dim) => BigInt(dim === 0 ? stop - start : length))
  const byteCount = Number(counts.reduce((product, count) => product * count, BigInt(metadata.size)))
  if (byteCount === 0) return
  calls.call(object, (library) => {
    const pointer = library._malloc(byteCount)
    if (pointer === 0) throw tooLarge(object, byteCount)
    try {
      readSlab(library, { file, object, shape, counts, start, pointer: BigInt(pointer) })
      if (hasPointers(metadata)) {
        library.reclaim_vlen_memory_count(
          file,
          object,
          '',
          BigInt(pointer),
          counts.length === 0 ? [1n] : counts,
        )
      }
    } finally {
      library._free(pointer)
    }
  })
}

interface Slab {
  readonly file: bigint
  readonly object: string
  readonly shape: readonly number[]
  readonly counts: bigint[]
  readonly start: number
  readonly pointer: bigint
}

function readSlab(library: Hdf5Library, { file, object, shape, counts, start, pointer }: Slab): void {
  if (shape.length === 0) library.get_dataset_data(file, object, null, null, null, pointer)
  else {
    const offsets = shape.map((_length, dim) => BigInt(dim === 0 ? start : 0))
    const strides = shape.map(() => 1n)
    library.get_dataset_data(file, object, counts, offsets, strides, pointer)
  }
}

function tooLarge(object: string, byteCount: number): Hdf5Error {
  const text = `${object}: ${byteCount} bytes at once are more than h5wasm can hold`
  return new Hdf5Error('E_CHUNKSIZE', text, { object, actual: byteCount })
}

/** Do values hold addresses of WebAssembly's memory? */
export function hasPointers(metadata: Metadata): boolean {
  if (metadata.vlen || metadata.vlen_type) return true
  if (metadata.array_type) return hasPointers(metadata.array_type)
  return metadata.compound_type?.members.some((member) => hasPointers(member)) ?? false
}
