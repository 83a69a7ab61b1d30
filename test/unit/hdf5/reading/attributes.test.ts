import { expect, it } from 'vitest'
import { nameDtype } from '../../../../src-main/hdf5/dtype-name.ts'
import { NO_SEQUENCE } from '../../../../src-main/hdf5/model.ts'
import type { Attribute } from '../../../../src-main/hdf5/model.ts'
import { readAttributeValue } from '../../../../src-main/hdf5/reading/attribute-value.ts'
import { openFixture } from './reading-fixture.ts'

const FILES = ['types-earliest', 'types-latest']

async function readRoot(name: string): Promise<ReadonlyMap<string, Attribute>> {
  const root = await (await openFixture(name)).root()
  return new Map(root.attributes.map((attribute) => [attribute.name, attribute]))
}

const ROWS = [
  {
    a: 0.5,
    text: 'x',
    matrix: [
      [0, 1, 2],
      [3, 4, 5],
    ],
    fixed: 'one',
    colour: 'RED',
    flag: true,
  },
  {
    a: -1,
    text: '',
    matrix: [
      [6, 7, 8],
      [9, 10, 11],
    ],
    fixed: '',
    colour: 'BLUE',
    flag: false,
  },
  {
    a: Infinity,
    text: 'zä',
    matrix: [
      [12, 13, 14],
      [15, 16, 17],
    ],
    fixed: 'three',
    colour: 'RED',
    flag: true,
  },
]

it.each(FILES)('gives attributes as people write them: %s', async (name) => {
  const attributes = await readRoot(name)
  const values = Object.fromEntries(
    [...attributes.values()].map((each) => [each.name, readAttributeValue(each)]),
  )
  expect(values).toEqual({
    ascii: 'abc',
    big_endian: [1, -2],
    empty: null,
    fixed: ['x', 'yy'],
    float: 1.5,
    half: 2.5,
    int: 5,
    large: 2n ** 60n,
    long_double: 0.1,
    matrix: [
      [0, 1, 2],
      [3, 4, 5],
    ],
    nan: NaN,
    negative: -3,
    no_text: '',
    none: [],
    opaque: '0x0102ff',
    ragged: [[0, 1, 2], [], [7]],
    table: ROWS,
    text: 'häll',
    texts: ['a', '', 'ccc'],
    yes: true,
  })
})

it.each(FILES)('names their types as numpy does: %s', async (name) => {
  const attributes = await readRoot(name)
  const names = Object.fromEntries(
    [...attributes.values()].map((each) => [each.name, nameDtype(each.datatype)]),
  )
  expect(names).toMatchObject({
    ascii: '|S3',
    big_endian: '>i4',
    empty: '<f8',
    half: '<f2',
    int: '<i8',
    long_double: '<f16',
    opaque: '|V3',
    ragged: 'object',
    text: 'object',
    yes: 'bool',
  })
  expect(names['table']).toBe(
    "[('a', '<f8'), ('text', 'object'), ('matrix', ('>u2', (2, 3))), ('fixed', '|S5'), ('colour', '<i2'), ('flag', 'bool')]",
  )
})

it.each(FILES)('keeps the bytes of an attribute as they are stored: %s', async (name) => {
  const attributes = await readRoot(name)
  expect([...(attributes.get('big_endian')?.data.bytes ?? [])]).toEqual([0, 0, 0, 1, 255, 255, 255, 254])
  expect([...(attributes.get('yes')?.data.bytes ?? [])]).toEqual([1])
  expect(attributes.get('empty')?.data.bytes).toHaveLength(0)
})

it.each(FILES)('puts a number of a sequence in place of each heap address: %s', async (name) => {
  const ragged = (await readRoot(name)).get('ragged')
  const words = new Uint32Array(ragged?.data.bytes.slice().buffer ?? new ArrayBuffer(0))
  expect([...words]).toEqual([3, 0, 0, 0, 0, NO_SEQUENCE, 0, 0, 1, 1, 0, 0])
  expect(ragged?.data.sequences.map((sequence) => [...new Int32Array(sequence.slice().buffer)])).toEqual([
    [0, 1, 2],
    [7],
  ])
})

it.each(FILES)('refuses a reference, with the reason, and gives all others: %s', async (name) => {
  const root = await (await openFixture(name)).root()
  expect(root.refused.map((refused) => refused.name)).toEqual(['reference'])
  expect(root.refused[0]?.reason).toContain('cannot be carried')
  expect(root.attributes).toHaveLength(20)
})

it.each(FILES)('reads an attribute of a committed datatype: %s', async (name) => {
  const object = await (await openFixture(name)).find('/contiguous')
  const attribute = object?.kind === 'dataset' ? object.attributes[0] : undefined
  expect(attribute && readAttributeValue(attribute)).toEqual([{ q: 1.5 }, { q: 2.5 }])
})
