import { describe, expect, test } from 'vitest'
import type { Datatype } from '../../../../src-main/hdf5/model.ts'
import {
  booleanType,
  encodeDatatype,
  fixedStringType,
  float32Type,
  float64Type,
  integerType,
  variableStringType,
} from '../../../../src-main/hdf5/writing/datatypes.ts'
import { expectError } from '../../../helpers/expect-error.ts'

function hex(type: Datatype): string {
  return Buffer.from(encodeDatatype(type)).toString('hex')
}

describe('types as HDF5 itself encodes them (H5Tencode)', () => {
  test.each<[string, Datatype, string]>([
    ['<i4', integerType(4, true), '100800000400000000002000'],
    ['>u2', integerType(2, false, false), '100100000200000000001000'],
    ['<f8', float64Type(), '11203f000800000000004000340b0034ff030000'],
    ['>f4', float32Type(false), '11211f000400000000002000170800177f000000'],
    ['S10', fixedStringType(10, 'ascii'), '130100000a000000'],
    ['utf-8, 7 bytes', fixedStringType(7, 'utf-8'), '1311000007000000'],
    ['utf-8 of any length', variableStringType(), '19010100100000001000000001000000' + '00000800'],
    ['opaque', { class: 'opaque', size: 5, tag: '' }, '1500000005000000'],
  ])('%s', (_, type, expected) => {
    expect(hex(type)).toBe(expected)
  })
})

describe('types that need version 3', () => {
  test('a boolean is an enumeration with unpadded names', () => {
    expect(hex(booleanType())).toBe(
      '38020000' + '01000000' + '300800000100000000000800' + '46414c534500' + '5452554500' + '0001',
    )
  })

  test('members of a compound have offsets of as many bytes as its size needs', () => {
    const member = (offset: number): Datatype => ({
      class: 'compound',
      size: offset + 1,
      members: [{ name: 'x', offset, type: integerType(1, false) }],
    })
    expect(hex(member(254))).toBe('36010000' + 'ff000000' + '7800' + 'fe' + '300000000100000000000800')
    expect(hex(member(255))).toBe('36010000' + '00010000' + '7800' + 'ff00' + '300000000100000000000800')
    expect(hex(member(65_536))).toContain('7800' + '000001' + '3000')
  })

  test('an array has its dimensions and no permutation', () => {
    const type: Datatype = { class: 'array', size: 6, dims: [3, 1], base: integerType(2, false) }
    expect(hex(type)).toBe(
      '3a000000' + '06000000' + '02' + '03000000' + '01000000' + '300000000200000000001000',
    )
  })

  test('a sequence has the version of its elements', () => {
    const sequenceOf = (base: Datatype): Datatype => ({ class: 'variable-sequence', size: 16, base })
    expect(hex(sequenceOf(integerType(1, false)))).toMatch(/^19000000100000001000/)
    expect(hex(sequenceOf(booleanType()))).toMatch(/^39000000100000003802/)
  })
})

describe('what cannot be written', () => {
  test('a class that is not known', () => {
    expectError(() => encodeDatatype({ class: 'unknown', size: 4, classNumber: 2 }), 'E_TYPE')
    expectError(() => encodeDatatype({ class: 'reference', size: 64, target: 'other' }), 'E_TYPE')
  })

  test('a tag that is too long and a compound without members', () => {
    expectError(() => encodeDatatype({ class: 'opaque', size: 1, tag: 'x'.repeat(249) }), 'E_TYPE')
    expectError(() => encodeDatatype({ class: 'compound', size: 1, members: [] }), 'E_TYPE')
  })

  test('a tag is padded to a multiple of 8', () => {
    expect(hex({ class: 'opaque', size: 1, tag: 'abc' })).toBe('15080000' + '01000000' + '6162630000000000')
  })
})
