import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { FilterPool } from '../../../src-main/hdf5/filters/filter-pool.ts'
import { readAttributeValue, readValues } from '../../../src-main/hdf5/reading/attribute-value.ts'
import type { AttributeValue } from '../../../src-main/hdf5/reading/attribute-value.ts'
import type { StoredObject } from '../../../src-main/hdf5/reading/stored-object.ts'
import { Measurement } from '../../../src-main/read/measurement.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { makeBasinFile, record, rewrite, type TestContext } from './job-fixture.ts'

const folder = new URL('../../fixtures/odd-objects/', import.meta.url)

/** A file of test/fixtures/odd-objects under its own name; how it was made stands in make-odd-objects.py. */
export async function unpackOddObjects(name: string): Promise<string> {
  const path = join(await makeTemporaryFolder(), `${name}.rtdc`)
  await writeFile(path, gunzipSync(await readFile(new URL(`${name}.rtdc.gz`, folder))))
  return path
}

/** Every command that writes metadata of a file. */
export const COMMANDS = ['rewrite', 'rewrite --events', 'rewrite --features', 'basins', 'record'] as const
type Command = (typeof COMMANDS)[number]

/** The output of the command. */
export async function run(command: Command, input: string, context: TestContext): Promise<string> {
  const output = join(input, '..', `${command}.rtdc`)
  switch (command) {
    case 'rewrite':
      await rewrite({ input, output, verify: 'independent' }, context)
      break
    case 'rewrite --events':
      await rewrite({ input, output, events: { kind: 'range', start: 2, stop: 9, step: 1 } }, context)
      break
    case 'rewrite --features':
      await rewrite({ input, output, features: ['deform'] }, context)
      break
    case 'basins':
      await makeBasinFile({ output, sources: [[input]] }, context)
      break
    case 'record':
      await record({ output, source: { kind: 'replay', file: input, readers: 1, rate: null } }, context)
      break
  }
  return output
}

/** What is asked of a file that is opened for it. */
export class OpenedFile {
  constructor(readonly measurement: Measurement) {}

  find(object: string): Promise<StoredObject | undefined> {
    return this.measurement.file.find(object)
  }

  /** All values, one by one. */
  async values(object: string): Promise<readonly AttributeValue[]> {
    const dataset = await this.find(object)
    if (dataset?.kind !== 'dataset') throw new Error(`${object} is no dataset`)
    const reader = await this.measurement.openReader(dataset)
    return readValues(dataset.datatype, await reader.readAll())
  }

  async attribute(object: string, name: string): Promise<AttributeValue | undefined> {
    const found = await this.find(object)
    if (found === undefined || found.kind === 'datatype') throw new Error(`${object} has no attributes`)
    const attribute = found.attributes.find((one) => one.name === name)
    return attribute && readAttributeValue(attribute)
  }

  async names(object: string): Promise<readonly string[]> {
    const group = await this.find(object)
    if (group?.kind !== 'group') throw new Error(`${object} is no group`)
    return group.links.map((link) => link.name)
  }

  async address(object: string): Promise<number | undefined> {
    return (await this.find(object))?.address
  }
}

export async function lookInto<T>(
  path: string,
  pool: FilterPool,
  look: (file: OpenedFile) => Promise<T>,
): Promise<T> {
  const measurement = await Measurement.open(nodeDisk, path, { pool })
  try {
    return await look(new OpenedFile(measurement))
  } finally {
    await measurement.close()
  }
}
