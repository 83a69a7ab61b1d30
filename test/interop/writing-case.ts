import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nodeDisk } from '../../src-main/hdf5/disk/node-disk.ts'
import { createFilterPool } from '../../src-main/hdf5/filters/worker-filter-pool.ts'
import type { DatasetSpec } from '../../src-main/hdf5/writing/dataset-spec.ts'
import { FileWriter, type GroupWriter } from '../../src-main/hdf5/writing/file-writer.ts'
import { fillElements } from './writing-types.ts'

interface Expected {
  readonly path: string
  /** As Python's `numpy.dtype(eval(...))` takes it. */
  readonly dtype: string
  readonly shape: readonly number[]
  readonly maxShape: readonly (number | null)[]
  readonly chunks: readonly number[] | null
  readonly filters: readonly number[]
  /** Base64 of the elements, up to 64 KiB. */
  readonly data: string
  readonly dataBytes: number
}

export const pool = createFilterPool({ threads: 2 })
const folder = process.argv[2] ?? '.'
/** One file and what a reader has to find in it. */
export class Case {
  readonly #expected: Expected[] = []
  readonly #facts: Record<string, unknown> = {}

  constructor(
    readonly name: string,
    readonly file: FileWriter,
  ) {}

  static async run(name: string, build: (made: Case) => Promise<void>): Promise<void> {
    const path = join(folder, `${name}.h5`)
    await nodeDisk.remove(path)
    const made = new Case(name, await FileWriter.create(nodeDisk, path, { pool }))
    await build(made)
    const written = await made.file.finish()
    await made.file.close()
    const text = JSON.stringify({ bytes: written.bytes, datasets: made.#expected, ...made.#facts })
    await writeFile(join(folder, `${name}.json`), text)
  }

  fact(name: string, value: unknown): void {
    this.#facts[name] = value
  }

  async add(
    group: GroupWriter,
    name: string,
    what: DatasetSpec & { dtype: string; rows?: number; step?: number },
  ): Promise<void> {
    const { dtype, rows = what.shape?.[0] ?? 1, step = rows, ...spec } = what
    const dataset = group.createDataset(name, spec)
    const rowElements = (spec.shape ?? []).slice(1).reduce((product, length) => product * length, 1)
    const rowBytes = rowElements * spec.datatype.size
    const data = fillElements(spec.datatype, rows * rowElements)
    for (let start = 0; start < rows; start += step)
      await dataset.append(data.subarray(start * rowBytes, (start + step) * rowBytes))
    const { storage } = spec
    const space = dataset.dataspace
    this.#expected.push({
      path: dataset.path,
      dtype,
      shape: space.kind === 'simple' ? space.shape : [],
      maxShape: space.kind === 'simple' ? space.maxShape : [],
      chunks: storage.kind === 'chunked' ? storage.chunkShape : null,
      filters: storage.kind === 'chunked' ? storage.filters.map((filter) => filter.id) : [],
      data: Buffer.from(data.subarray(0, 65_536)).toString('base64'),
      dataBytes: data.length,
    })
  }
}
