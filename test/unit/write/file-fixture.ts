import { join } from 'node:path'
import { afterAll } from 'vitest'

import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { FilterPool } from '../../../src-main/hdf5/filters/filter-pool.ts'
import { createFilterPool } from '../../../src-main/hdf5/filters/worker-filter-pool.ts'
import {
  readAttributeValue,
  readValues,
  type AttributeValue,
} from '../../../src-main/hdf5/reading/attribute-value.ts'
import { DatasetReader } from '../../../src-main/hdf5/reading/dataset-reader.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import type { StoredDataset, StoredObject } from '../../../src-main/hdf5/reading/stored-object.ts'
import { FileWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'

let sharedPool: FilterPool | undefined

/** One filter thread for all tests of a file. */
export function getPool(): FilterPool {
  sharedPool ??= createFilterPool({ threads: 1 })
  return sharedPool
}

afterAll(async () => {
  await sharedPool?.close()
  sharedPool = undefined
})

/** Writes a file and gives its path. */
export async function writeFile(fill: (h5: FileWriter) => unknown): Promise<string> {
  const path = join(await makeTemporaryFolder(), 'made.rtdc')
  const h5 = await FileWriter.create(nodeDisk, path, { pool: getPool() })
  try {
    await fill(h5)
    await h5.finish()
  } finally {
    await h5.close()
  }
  return path
}

/** What a test looks at in a file. */
export interface OpenedFile {
  readonly file: FileReader
  find(path: string): Promise<StoredObject | undefined>
  dataset(path: string): Promise<StoredDataset>
  /** Names of the children of a group; undefined if there is none. */
  names(path: string): Promise<string[] | undefined>
  bytes(path: string): Promise<Uint8Array>
  values(path: string): Promise<readonly AttributeValue[]>
  attributes(path: string): Promise<Record<string, AttributeValue>>
}

/** Opens a file for a look and closes it afterwards. */
export async function lookInto<T>(path: string, look: (opened: OpenedFile) => Promise<T>): Promise<T> {
  const file = await FileReader.open(nodeDisk, path)
  try {
    return await look(openFile(file))
  } finally {
    await file.close()
  }
}

function openFile(file: FileReader): OpenedFile {
  const dataset = async (path: string): Promise<StoredDataset> => {
    const found = await file.find(path)
    if (found?.kind !== 'dataset') throw new Error(`${path} is no dataset`)
    return found
  }
  const readAll = async (path: string) => {
    const stored = await dataset(path)
    const reader = await DatasetReader.open(file, stored, { pool: getPool() })
    return { stored, data: await reader.readAll() }
  }
  return {
    file,
    find: (path) => file.find(path),
    dataset,
    async names(path) {
      const group = await file.find(path)
      return group?.kind === 'group' ? group.links.map((link) => link.name) : undefined
    },
    bytes: async (path) => (await readAll(path)).data.bytes,
    async values(path) {
      const { stored, data } = await readAll(path)
      return readValues(stored.datatype, data)
    },
    async attributes(path) {
      const object = await file.find(path)
      if (!object || object.kind === 'datatype') throw new Error(`${path} has no attributes`)
      return Object.fromEntries(
        object.attributes.map((attribute) => [attribute.name, readAttributeValue(attribute)]),
      )
    },
  }
}
