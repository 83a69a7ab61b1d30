import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import { NO_SEQUENCE, type Attribute, type Datatype } from '../../../../src-main/hdf5/model.ts'
import { readAttributeValue } from '../../../../src-main/hdf5/reading/attribute-value.ts'
import { FileReader } from '../../../../src-main/hdf5/reading/file-reader.ts'
import {
  makeFixedTextAttribute,
  makeFloatAttribute,
  makeIntegerAttribute,
  makeTextAttribute,
} from '../../../../src-main/hdf5/writing/attributes.ts'
import {
  booleanType,
  fixedStringType,
  float64Type,
  integerType,
} from '../../../../src-main/hdf5/writing/datatypes.ts'
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

  test('text goes to the global heap, fixed-length text too', async () => {
    const fixed = makeFixedTextAttribute('fixed', long)
    const [first, second] = await writeAndRead([fixed, makeTextAttribute('variable', long)])
    expect([first, second].map((attribute) => readAttributeValue(attribute!))).toEqual([long, long])
    expect(first?.datatype).toMatchObject({ class: 'variable-string', charset: 'ascii' })
  })

  test('several texts lose what fills them up, by their padding', async () => {
    const element = (text: string, filler: string) => text.padEnd(40_000, filler)
    const bytes = Buffer.from(element('ab', '\0') + element('', '\0'))
    const padded = makeSimple('padded', fixedStringType(40_000, 'ascii'), bytes)
    const spaces = makeSimple(
      'spaces',
      fixedStringType(40_000, 'ascii', 'space-padded'),
      Buffer.from(element('a b', ' ') + element(' c', ' ')),
    )
    const terminated = makeSimple(
      'terminated',
      fixedStringType(40_000, 'ascii', 'null-terminated'),
      Buffer.from(element('x\0rest', 'r') + 'y'.repeat(40_000)),
    )
    const read = await writeAndRead([padded, spaces, terminated])
    expect(read.map(readAttributeValue)).toEqual([
      ['ab', ''],
      ['a b', ' c'],
      ['x', 'y'.repeat(40_000)],
    ])
    expect(read[0]!.data.bytes.slice(16)).toEqual(new Uint8Array(Uint32Array.of(0, NO_SEQUENCE, 0, 0).buffer))
  })

  test('numbers are refused with the names of object and attribute, up to the last byte that fits', async () => {
    const path = join(await makeTemporaryFolder(), 'long.h5')
    const file = await FileWriter.create(nodeDisk, path, { pool })
    const group = file.root.requireGroup('group')
    // 9 bytes of head, the name and NUL, 12 of datatype, 12 of dataspace.
    const fitting = 65_535 - 9 - 2 - 12 - 12
    group.setAttribute(makeSimple('a', integerType(1, true), new Uint8Array(fitting)))
    const tooLong = makeSimple('b', integerType(1, true), new Uint8Array(fitting + 1))
    const error = expectError(() => group.setAttribute(tooLong), 'E_ATTRIBUTE')
    expect(error).toMatchObject({ tag: 'Unsupported', object: '/group', path, actual: 65_536 })
    expect(error.message).toContain('"b"')
    await file.finish()
    await file.close()
    const reader = await FileReader.open(nodeDisk, path)
    const read = await reader.find('/group')
    await reader.close()
    expect(read?.kind === 'group' && read.attributes[0]?.data.bytes.byteLength).toBe(fitting)
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
