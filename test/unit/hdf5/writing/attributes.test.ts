import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import type { Attribute, Datatype } from '../../../../src-main/hdf5/model.ts'
import { readAttributeValue } from '../../../../src-main/hdf5/reading/attribute-value.ts'
import { FileReader } from '../../../../src-main/hdf5/reading/file-reader.ts'
import {
  makeFixedTextAttribute,
  makeFloatAttribute,
  makeIntegerAttribute,
  makeTextAttribute,
} from '../../../../src-main/hdf5/writing/attributes.ts'
import { booleanType, float64Type, integerType } from '../../../../src-main/hdf5/writing/datatypes.ts'
import { H5wasmFile } from '../../../../src-main/hdf5/h5wasm/h5wasm-file.ts'
import { FileWriter } from '../../../../src-main/hdf5/writing/file-writer.ts'
import { expectError } from '../../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'
import { expectTiled } from './check-written.ts'
import { createInlinePool } from './inline-pool.ts'

const pool = createInlinePool()

/** Writes the attributes to the root and reads them back. */
async function writeAndRead(attributes: readonly Attribute[]): Promise<readonly Attribute[]> {
  const path = join(await makeTemporaryFolder(), 'attributes.h5')
  const file = await FileWriter.create(nodeDisk, path, { pool })
  for (const attribute of attributes) file.root.setAttribute(attribute)
  const written = await file.finish()
  await file.close()
  await expectTiled(path, written)
  const reader = await FileReader.open(nodeDisk, path)
  const root = await reader.root()
  await reader.close()
  return root.attributes
}

function makeSimple(name: string, datatype: Datatype, bytes: Uint8Array): Attribute {
  const shape = [bytes.byteLength / datatype.size]
  return {
    name,
    datatype,
    dataspace: { kind: 'simple', shape, maxShape: shape },
    data: { bytes, sequences: [] },
  }
}

describe('attributes', () => {
  test('of every kind come back with type, shape and bytes', async () => {
    const pair: Datatype = {
      class: 'compound',
      size: 10,
      members: [
        { name: 'a', offset: 0, type: float64Type(false) },
        { name: 'b', offset: 8, type: integerType(1, true) },
      ],
    }
    const nothing = { bytes: new Uint8Array(0), sequences: [] }
    const attributes: readonly Attribute[] = [
      makeIntegerAttribute('integer', -5),
      makeIntegerAttribute('large', 2n ** 62n),
      makeFloatAttribute('float', 0.1),
      makeTextAttribute('text', 'grüße, 世界'),
      makeFixedTextAttribute('fixed', 'IMAGE'),
      makeFixedTextAttribute('µ', 'µm'),
      makeSimple('booleans', booleanType(), Uint8Array.of(0, 1, 1)),
      makeSimple('pairs', pair, new Uint8Array(20).fill(3)),
      makeSimple('big-endian', integerType(4, true, false), Uint8Array.of(0, 0, 0, 1)),
      makeSimple(
        'array',
        { class: 'array', size: 6, dims: [3], base: integerType(2, true) },
        new Uint8Array(12),
      ),
      { name: 'null', datatype: float64Type(), dataspace: { kind: 'null' }, data: nothing },
    ]
    const read = await writeAndRead(attributes)
    const sorted = (list: readonly Attribute[]) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1))
    const plain = (list: readonly Attribute[]) =>
      sorted(list).map(({ name, datatype, dataspace, data }) => {
        const sequences = data.sequences.map((sequence) => [...sequence])
        return { name, datatype, dataspace, bytes: [...data.bytes], sequences }
      })
    expect(plain(read)).toEqual(plain(attributes))
  })

  test('an empty text is one, a fixed one has one byte', async () => {
    const read = await writeAndRead([makeTextAttribute('text', ''), makeFixedTextAttribute('fixed', '')])
    expect(read.map(readAttributeValue)).toEqual(['', ''])
  })

  test('the same name again replaces the value', async () => {
    const read = await writeAndRead([makeIntegerAttribute('a', 1), makeIntegerAttribute('a', 2)])
    expect(read.map(readAttributeValue)).toEqual([2])
  })

  test('300 on one object', async () => {
    const all = Array.from({ length: 300 }, (_, i) => makeIntegerAttribute(`a${i}`, i))
    expect(await writeAndRead(all)).toHaveLength(300)
  })
})

describe('attributes that are longer than a header message', () => {
  const long = 'x'.repeat(70_000)

  const bytesOf = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => (7 * i) % 251)
  const numbers = (name: string, count: number): Attribute =>
    makeSimple(name, integerType(1, true), bytesOf(count))

  test('keep their type: texts of any length, numbers, beside short ones', async () => {
    const fixed = makeFixedTextAttribute('fixed', long)
    const all = [fixed, makeTextAttribute('variable', long), numbers('µ', 200_000), numbers('short', 3)]
    const read = new Map((await writeAndRead(all)).map((attribute) => [attribute.name, attribute]))
    expect([...read.keys()].sort()).toEqual(['fixed', 'short', 'variable', 'µ'])
    for (const { name, datatype } of all) expect(read.get(name)?.datatype).toEqual(datatype)
    expect(readAttributeValue(read.get('fixed')!)).toBe(long)
    expect(readAttributeValue(read.get('variable')!)).toBe(long)
    expect(read.get('µ')?.data.bytes).toEqual(bytesOf(200_000))
    expect(read.get('short')?.data.bytes).toEqual(bytesOf(3))
  })

  test('many short ones beside a long one fill the block of the heap, and more', async () => {
    const short = Array.from({ length: 400 }, (_, i) => numbers(`a${i}`, i))
    const read = await writeAndRead([...short, numbers('long', 70_000), numbers('middle', 5000)])
    expect(read).toHaveLength(402)
    for (const { name, data } of read) {
      const count = name === 'long' ? 70_000 : name === 'middle' ? 5000 : Number(name.slice(1))
      expect(data.bytes, name).toEqual(bytesOf(count))
    }
  })

  test.each([65_535, 65_536])('a message of %i bytes, and what HDF5 itself finds', async (messageBytes) => {
    const path = join(await makeTemporaryFolder(), 'long.h5')
    const file = await FileWriter.create(nodeDisk, path, { pool })
    const group = file.root.requireGroup('group')
    // 9 bytes of head, the name and NUL, 12 of datatype, 12 of dataspace.
    group.setAttribute(numbers('a', messageBytes - 9 - 2 - 12 - 12))
    group.setAttribute(numbers('b', 1))
    await file.finish()
    await file.close()
    const judge = await H5wasmFile.open(path)
    const { attributeNames } = await judge.describe('/group')
    await judge.close()
    expect(attributeNames.toSorted()).toEqual(['a', 'b'])
    const reader = await FileReader.open(nodeDisk, path)
    const read = await reader.find('/group')
    await reader.close()
    const first = read?.kind === 'group' ? read.attributes.find(({ name }) => name === 'a') : undefined
    expect(first?.data.bytes.byteLength).toBe(messageBytes - 35)
  })

  test('values above 16 MiB are refused with the names of object and attribute', async () => {
    const path = join(await makeTemporaryFolder(), 'long.h5')
    const file = await FileWriter.create(nodeDisk, path, { pool })
    const group = file.root.requireGroup('group')
    const tooLong = numbers('b', 2 ** 24 + 1)
    const error = expectError(() => group.setAttribute(tooLong), 'E_ATTRIBUTE')
    expect(error).toMatchObject({ tag: 'Unsupported', object: '/group', path, actual: 2 ** 24 + 1 })
    expect(error.message).toContain('"b"')
    await file.close()
  })

  test('data that do not fit type and shape, and empty names, are refused', async () => {
    const path = join(await makeTemporaryFolder(), 'wrong.h5')
    const file = await FileWriter.create(nodeDisk, path, { pool })
    const wrong = { ...makeIntegerAttribute('a', 1), datatype: integerType(4, true) }
    expectError(() => file.root.setAttribute(wrong), 'E_LEN')
    expectError(() => file.root.setAttribute(makeIntegerAttribute('', 1)), 'E_NAME')
    await file.close()
  })
})
