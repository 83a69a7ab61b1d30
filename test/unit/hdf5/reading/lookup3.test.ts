import { expect, it } from 'vitest'
import { lookup3 } from '../../../../src-main/hdf5/lookup3.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

it('gives the published value of the algorithm for a sentence', () => {
  expect(lookup3(bytes('Four score and seven years ago'))).toBe(0x17770551)
})

it('gives its start value for no bytes', () => {
  expect(lookup3(new Uint8Array())).toBe(0xdeadbeef)
})

it('hashes a part as it hashes a copy of that part, whatever its length', () => {
  const whole = Uint8Array.from({ length: 60 }, (_, index) => (index * 37) % 256)
  for (let length = 0; length < 30; length += 1) {
    expect(lookup3(whole, 5, 5 + length)).toBe(lookup3(whole.slice(5, 5 + length)))
  }
})
