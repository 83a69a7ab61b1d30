import { writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WeirError } from '../../../../src-main/errors.ts'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import { readAttributeValue, readValues } from '../../../../src-main/hdf5/reading/attribute-value.ts'
import { DatasetReader } from '../../../../src-main/hdf5/reading/dataset-reader.ts'
import { FileReader, joinPath } from '../../../../src-main/hdf5/reading/file-reader.ts'
import type { StoredObject } from '../../../../src-main/hdf5/reading/stored-object.ts'
import { InlinePool, readFixture, storeBytes } from './reading-fixture.ts'

const MOST_OBJECTS = 200
const MOST_REPAIRS = 8

/** Runs the call; deliberate errors are collected, any other fails the test. */
async function attempt<T>(call: () => Promise<T>, errors: WeirError[]): Promise<T | undefined> {
  try {
    return await call()
  } catch (thrown) {
    if (!(thrown instanceof WeirError) || thrown.tag === 'Internal') throw thrown
    errors.push(thrown)
    return undefined
  }
}

async function readValuesOf(file: FileReader, object: StoredObject): Promise<void> {
  if (object.kind === 'datatype') return
  object.attributes.forEach((attribute) => readAttributeValue(attribute))
  if (object.kind === 'group') return
  const reader = await DatasetReader.open(file, object, { pool: new InlinePool() })
  readValues(object.datatype, await reader.readAll())
}

/** Reads everything that can be reached; gives what was refused. */
async function readEverything(path: string): Promise<readonly WeirError[]> {
  const errors: WeirError[] = []
  const file = await attempt(() => FileReader.open(nodeDisk, path), errors)
  if (file === undefined) return errors
  const seen = new Set<number>()
  const waiting = [{ address: file.rootAddress, path: '/' }]
  for (let next = waiting.pop(); next !== undefined && seen.size < MOST_OBJECTS; next = waiting.pop()) {
    const { address, path: objectPath } = next
    if (seen.has(address)) continue
    seen.add(address)
    const object = await attempt(() => file.readObject(address, objectPath), errors)
    if (object === undefined) continue
    await attempt(() => readValuesOf(file, object), errors)
    for (const link of object.kind === 'group' ? object.links : []) {
      if (link.kind === 'hard') waiting.push({ address: link.address, path: joinPath(objectPath, link.name) })
    }
  }
  await file.close()
  return errors
}

/** Makes one wrong checksum right, so that what it guards is parsed nevertheless. */
function repairChecksum(bytes: Uint8Array, errors: readonly WeirError[]): boolean {
  const wrong = errors.find(
    (error) => error.message.includes('checksum') && typeof error.expected === 'number',
  )
  if (wrong === undefined || typeof wrong.expected !== 'number') return false
  const at = wrong.code === 'E_SUPER' ? (wrong.offset ?? 0) + 44 : (wrong.offset ?? 0)
  new DataView(bytes.buffer).setUint32(at, wrong.expected, true)
  return true
}

const FIXTURES = [
  'plain-earliest',
  'plain-v108',
  'plain-latest',
  'types-earliest',
  'types-latest',
  'userblock-latest',
  'superblock-1',
  'shared-messages',
]

it.each(FIXTURES)('reads all of the sound file: %s', async (name) => {
  const errors = await readEverything(await storeBytes(await readFixture(name)))
  const refused = errors.filter((error) => error.tag !== 'Unsupported')
  expect(refused).toEqual([])
})

it.each(FIXTURES)('gives values or a named error, whatever bytes are changed: %s', async (name) => {
  const sound = await readFixture(name)
  const path = await storeBytes(sound)
  const change = fc.record({
    at: fc.nat(sound.length - 1),
    value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0xff)),
  })
  const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
    const bytes = sound.slice()
    changes.forEach(({ at, value }) => bytes.fill(value, at, at + 1))
    for (let repairs = 0; repairs < MOST_REPAIRS; repairs += 1) {
      await writeFile(path, bytes)
      const errors = await readEverything(path)
      errors.forEach((error) => expect(error.path, error.message).toBe(path))
      if (!repairChecksum(bytes, errors)) return
    }
  })
  await fc.assert(property, { numRuns: 60 })
})

it.each(FIXTURES)('gives values or a named error, wherever the file is cut: %s', async (name) => {
  const sound = await readFixture(name)
  const path = await storeBytes(sound)
  const property = fc.asyncProperty(fc.nat(sound.length - 1), async (length) => {
    await writeFile(path, sound.subarray(0, length))
    const errors = await readEverything(path)
    expect(errors.map((error) => error.code)).toEqual([
      length < 48 ? 'E_SHORT' : expect.stringMatching(/E_TRUNC|E_MAGIC|E_SUPER/),
    ])
  })
  await fc.assert(property, { numRuns: 20 })
})
