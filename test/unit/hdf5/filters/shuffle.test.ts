import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shuffle, unshuffle } from '../../../../src-main/hdf5/filters/shuffle.ts'

test('puts the first bytes of all elements before their second bytes', () => {
  const data = new Uint8Array([1, 2, 11, 12, 21, 22, 31, 32])
  expect([...shuffle(data, 2)]).toEqual([1, 11, 21, 31, 2, 12, 22, 32])
})

test('leaves bytes behind the last whole element at the end', () => {
  const data = new Uint8Array([1, 2, 3, 11, 12, 13, 99, 98])
  expect([...shuffle(data, 3)]).toEqual([1, 11, 2, 12, 3, 13, 99, 98])
})

test('moves each byte to where the definition says, whatever the size of an element', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.integer({ min: 1, max: 17 }), (data, elementBytes) => {
      const count = Math.floor(data.length / elementBytes)
      const expected = Uint8Array.from(data)
      for (let i = 0; i < count * elementBytes; i += 1) {
        expected[(i % elementBytes) * count + Math.floor(i / elementBytes)] = data[i]!
      }
      expect(shuffle(data, elementBytes)).toEqual(expected)
    }),
  )
})

test('gives back what was shuffled, also from the middle of a larger buffer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.integer({ min: 1, max: 17 }), (data, elementBytes) => {
      const shuffled = shuffle(data, elementBytes)
      const shifted = new Uint8Array(shuffled.length + 3).subarray(3)
      shifted.set(shuffled)
      expect(unshuffle(shuffled, elementBytes)).toEqual(Uint8Array.from(data))
      expect(unshuffle(shifted, elementBytes)).toEqual(Uint8Array.from(data))
    }),
  )
})
