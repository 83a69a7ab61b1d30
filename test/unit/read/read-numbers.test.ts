import { describe, expect, it } from 'vitest'
import { float32Type, float64Type, integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import { booleanType, fixedStringType } from '../../../src-main/hdf5/writing/datatypes.ts'
import { readNumbers } from '../../../src-main/read/read-numbers.ts'
import { fromHex } from '../../helpers/bytes.ts'

describe('numbers of a dataset', () => {
  it.each([
    { name: 'uint8', type: integerType(1, false), hex: '00ff', expected: [0, 255] },
    { name: 'int8', type: integerType(1, true), hex: '7fff', expected: [127, -1] },
    { name: 'int16', type: integerType(2, true), hex: '0100feff', expected: [1, -2] },
    { name: 'big-endian uint16', type: integerType(2, false, false), hex: '0100', expected: [256] },
    { name: 'int32', type: integerType(4, true), hex: 'ffffffff', expected: [-1] },
    { name: 'big-endian int32', type: integerType(4, true, false), hex: '00000102', expected: [258] },
    { name: 'int64', type: integerType(8, true), hex: 'feffffffffffffff', expected: [-2] },
    { name: 'uint64', type: integerType(8, false), hex: '0000000001000000', expected: [2 ** 32] },
    {
      name: 'big-endian int64',
      type: integerType(8, true, false),
      hex: '0000000100000000',
      expected: [2 ** 32],
    },
    { name: 'float32', type: float32Type(), hex: '0000c03f', expected: [1.5] },
    { name: 'big-endian float64', type: float64Type(false), hex: '3ff8000000000000', expected: [1.5] },
    { name: 'float64', type: float64Type(), hex: '000000000000f87f', expected: [NaN] },
  ])('are read from $name', ({ type, hex, expected }) => {
    expect([...(readNumbers(type, fromHex(hex)) ?? [])]).toEqual(expected)
  })

  it.each([
    ['with another bias', 12, 0xfe],
    ['with its sign elsewhere', 16, 0],
  ])('are not taken for those of a float64 %s', (_name, at, byte) => {
    const type = float64Type()
    if (type.class !== 'float') throw new Error('float64 is a float')
    const properties = Uint8Array.from(type.properties)
    const classBits = at === 16 ? type.classBits & 0xff : type.classBits
    if (at === 12) properties[8] = byte
    expect(readNumbers({ ...type, classBits, properties }, new Uint8Array(8))).toBeUndefined()
  })

  it('are read from the middle of a buffer', () => {
    const bytes = fromHex('00010203').subarray(1)
    expect([...(readNumbers(integerType(1, false), bytes) ?? [])]).toEqual([1, 2, 3])
  })

  it('are none of booleans and text', () => {
    expect(readNumbers(booleanType(), fromHex('01'))).toBeUndefined()
    expect(readNumbers(fixedStringType(1, 'ascii'), fromHex('31'))).toBeUndefined()
  })
})
