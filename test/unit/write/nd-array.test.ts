import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { nameDtype } from '../../../src-main/hdf5/dtype-name.ts'
import { float64Type, integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import { fromBooleans, fromTypedArray, isSameDatatype } from '../../../src-main/write/nd-array.ts'
import { recastIntegers } from '../../../src-main/write/recast-integers.ts'
import { expectError } from '../../helpers/expect-error.ts'

describe('fromTypedArray', () => {
  it('knows the type of every typed array', () => {
    const arrays = [
      new Int8Array(1),
      new Uint8Array(1),
      new Uint8ClampedArray(1),
      new Int16Array(1),
      new Uint16Array(1),
      new Int32Array(1),
      new Uint32Array(1),
      new BigInt64Array(1),
      new BigUint64Array(1),
      new Float32Array(1),
      new Float64Array(1),
    ]
    const names = arrays.map((array) => nameDtype(fromTypedArray(array).datatype))
    expect(names).toEqual(['|i1', '|u1', '|u1', '<i2', '<u2', '<i4', '<u4', '<i8', '<u8', '<f4', '<f8'])
  })

  it('looks at the array itself, also at a part of a buffer', () => {
    const part = new Uint16Array(new ArrayBuffer(10), 2, 3)
    const array = fromTypedArray(part, [3, 1])
    part[2] = 0x0102
    expect([...array.bytes]).toEqual([0, 0, 0, 0, 2, 1])
    expect(array.shape).toEqual([3, 1])
  })

  it('refuses a shape with another number of elements', () => {
    expectError(() => fromTypedArray(new Float64Array(3), [2]), 'E_USAGE')
    expectError(() => fromTypedArray(new Float64Array(2), [-1, -2]), 'E_USAGE')
    expectError(() => fromBooleans([true], [2]), 'E_USAGE')
  })
})

describe('isSameDatatype', () => {
  it('compares what is stored, not objects', () => {
    expect(isSameDatatype(float64Type(), float64Type())).toBe(true)
    expect(isSameDatatype(float64Type(), float64Type(false))).toBe(false)
    expect(isSameDatatype(integerType(8, true), integerType(8, false))).toBe(false)
  })
})

describe('recastIntegers', () => {
  it('keeps every number that fits and refuses the others', () => {
    const numbers = fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { maxLength: 8 })
    fc.assert(
      fc.property(
        numbers,
        fc.constantFrom<1 | 2 | 4 | 8>(1, 2, 4, 8),
        fc.boolean(),
        (values, size, isSigned) => {
          const bits = BigInt(8 * size)
          const [lowest, highest] = isSigned
            ? [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n]
            : [0n, 2n ** bits - 1n]
          const original = fromTypedArray(BigInt64Array.from(values))
          const recast = recastIntegers(original, integerType(size, isSigned, false))
          expect(recast !== undefined).toBe(values.every((value) => value >= lowest && value <= highest))
          if (recast) expect(recastIntegers(recast, original.datatype)?.bytes).toEqual(original.bytes)
        },
      ),
    )
  })

  it('writes big-endian numbers with the highest byte first', () => {
    const recast = recastIntegers(fromTypedArray(Uint8Array.of(7)), integerType(4, false, false))
    expect([...(recast?.bytes ?? [])]).toEqual([0, 0, 0, 7])
  })

  it('leaves floats alone', () => {
    expect(recastIntegers(fromTypedArray(Float64Array.of(1)), integerType(8, true))).toBeUndefined()
  })
})
