import { throwIfCancelled, toWeirError, WeirError } from '../errors.ts'
import { H5wasmFile, type Fault, type H5wasmOptions } from '../hdf5/h5wasm/h5wasm-file.ts'
import { hasVariableParts } from '../hdf5/model.ts'
import type { Datatype } from '../hdf5/model.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { unpackError } from '../hdf5/thread-errors.ts'
import { levelOf, type Finding } from './finding.ts'

/**
 * The HDF5 library itself as judge of an input: what it refuses is damage, also where Weir's own reader saw nothing. A judge that
 * stops, or does not answer, is a finding too; nothing waits for it then.
 */
export class SecondJudge {
  readonly #path: string
  readonly #file: Promise<H5wasmFile | WeirError>
  readonly #examination: Promise<readonly Finding[]>
  readonly #signal: AbortSignal | undefined

  constructor(path: string, signal: AbortSignal | undefined, options: H5wasmOptions = {}) {
    this.#path = path
    this.#signal = signal
    this.#file = H5wasmFile.open(path, options).catch((thrown: unknown) => toWeirError(thrown))
    this.#examination = this.#examine()
    signal?.addEventListener('abort', () => void this.close(), { once: true })
  }

  /** What the library says of the file's objects, their types, shapes and attributes; asked for once. */
  get findings(): Promise<readonly Finding[]> {
    return this.#examination
  }

  /**
   * What the library says of some rows that Weir has read as `bytes`. Of variable-length rows it only tells whether it can read them, as
   * of compounds with bytes between their members, which have no value.
   */
  async judgeRows(dataset: StoredDataset, start: number, rows: ReadRows): Promise<readonly Finding[]> {
    throwIfCancelled(this.#signal)
    const file = await this.#file
    // Said once, of the whole file.
    if (file instanceof WeirError) return []
    const stop = start + rows.count
    try {
      if (rows.bytes === undefined || !isComparable(dataset.datatype)) {
        await file.touchRows(dataset.path, start, stop)
        return []
      }
      const theirs = await file.readRowsAs(dataset, start, stop)
      if (Buffer.compare(rows.bytes, theirs) === 0) return []
      const message = `${this.#path}: ${dataset.path}: the HDF5 library reads other values in rows ${start} to ${stop - 1}`
      return [{ level: 'damage', code: 'E_VERIFY', message, object: dataset.path }]
    } catch (thrown) {
      return [describeFault(toWeirError(thrown), dataset.path)]
    }
  }

  async close(): Promise<void> {
    const file = await this.#file
    if (!(file instanceof WeirError)) await file.close()
  }

  async #examine(): Promise<readonly Finding[]> {
    const file = await this.#file
    if (file instanceof WeirError) return [{ ...describeFault(file, '/'), object: null }]
    try {
      return (await file.examine()).map((fault) => this.#toFinding(fault))
    } catch (thrown) {
      return [{ ...describeFault(toWeirError(thrown), '/'), object: null }]
    }
  }

  #toFinding({ object, thrown }: Fault): Finding {
    return describeFault(unpackError(thrown, { path: this.#path }), object)
  }
}

/** Rows as Weir has read them; without bytes where their parts lie elsewhere. */
export interface ReadRows {
  readonly count: number
  readonly bytes?: Uint8Array
}

function describeFault(error: WeirError, object: string): Finding {
  const code = chooseCode(error)
  const message = `${error.message} (a second reader, the HDF5 library, says so)`
  return { level: levelOf(code), code, message, object: error.object ?? object }
}

function chooseCode({ tag, code }: WeirError): string {
  // A filter that only the library lacks, or rows that its memory does not hold, say nothing about the file.
  if (tag === 'Unsupported' || code === 'E_CHUNKSIZE') return 'A_UNCHECKED'
  // The link is there; what it leads to is not.
  return code === 'E_MISSING' ? 'E_META' : code
}

/** Bytes between the members of a compound may differ without a difference in value. */
function isComparable(type: Datatype): boolean {
  if (hasVariableParts(type)) return false
  switch (type.class) {
    case 'compound': {
      const taken = type.members.reduce((sum, member) => sum + member.type.size, 0)
      return taken === type.size && type.members.every((member) => isComparable(member.type))
    }
    case 'array':
      return isComparable(type.base)
    case 'reference':
    case 'unknown':
      return false
    default:
      return true
  }
}

/** Findings of the judge about objects of which Weir has not said so already, each object once. */
export function selectNew(own: readonly Finding[], judged: readonly Finding[]): readonly Finding[] {
  const known = new Set(own.filter(({ level }) => level === 'damage').map(({ object }) => object))
  return judged.filter((finding) => {
    if (finding.level !== 'damage') return true
    if (known.has(finding.object)) return false
    known.add(finding.object)
    return true
  })
}
