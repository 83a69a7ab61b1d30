import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import type { FilterPool } from '../../../../src-main/hdf5/filters/filter-pool.ts'
import { decodeChunk } from '../../../../src-main/hdf5/filters/filter-steps.ts'
import { DatasetReader } from '../../../../src-main/hdf5/reading/dataset-reader.ts'
import { FileReader } from '../../../../src-main/hdf5/reading/file-reader.ts'
import type { StoredDataset, StoredGroup } from '../../../../src-main/hdf5/reading/stored-object.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'

const folder = new URL('../../../fixtures/hdf5/', import.meta.url)

/** The bytes of a file of test/fixtures/hdf5; how it was made stands in make-hdf5-fixtures.py. */
export async function readFixture(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(gunzipSync(await readFile(new URL(`${name}.h5.gz`, folder))))
}

interface Expected {
  readonly bytes: number
  /** By dataset: number of chunks, SHA-256 of what h5py says about them. */
  readonly chunks: Readonly<Record<string, readonly [number, string]>>
}

export async function readExpected(name: string): Promise<Expected> {
  const all = JSON.parse(await readFile(new URL('expected.json', folder), 'utf8')) as Record<string, Expected>
  return all[name]!
}

/** Writes the bytes to a file of its own; gives its path. */
export async function storeBytes(bytes: Uint8Array): Promise<string> {
  const path = join(await makeTemporaryFolder(), 'input.rtdc')
  await writeFile(path, bytes)
  return path
}

/** Opens bytes as a file that is closed when the test is over. */
export async function openBytes(bytes: Uint8Array): Promise<FileReader> {
  const file = await FileReader.open(nodeDisk, await storeBytes(bytes))
  onTestFinished(() => file.close())
  return file
}

export async function openFixture(name: string): Promise<FileReader> {
  return openBytes(await readFixture(name))
}

export async function findDataset(file: FileReader, path: string): Promise<StoredDataset> {
  const found = await file.find(path)
  if (found?.kind !== 'dataset') throw new Error(`${path} is no dataset`)
  return found
}

export async function findGroup(file: FileReader, path: string): Promise<StoredGroup> {
  const found = await file.find(path)
  if (found?.kind !== 'group') throw new Error(`${path} is no group`)
  return found
}

/** A pool that decodes where it is called, and counts. */
export class InlinePool implements FilterPool {
  readonly threads = 1
  readonly pending = 0
  decodedCount = 0

  encode(): never {
    throw new Error('reading never encodes')
  }

  recode(): never {
    throw new Error('reading never encodes')
  }

  check(): never {
    throw new Error('reading never stores')
  }

  measure(): never {
    throw new Error('reading never encodes')
  }

  compare(): never {
    throw new Error('reading rows never compares')
  }

  async decode(...[encoded, task]: Parameters<FilterPool['decode']>): Promise<Uint8Array<ArrayBuffer>> {
    this.decodedCount += 1
    return decodeChunk(encoded, task)
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

export async function openReader(file: FileReader, path: string): Promise<DatasetReader> {
  return DatasetReader.open(file, await findDataset(file, path), { pool: new InlinePool() })
}

/** What the fixtures hold: element i is (7 i + 3) % 251. */
export function makePattern(count: number): number[] {
  return Array.from({ length: count }, (_, index) => (7 * index + 3) % 251)
}
