import { describe, expect, it } from 'vitest'
import { describeStoredFilter, findOddElementBytes } from '../../../src-main/read/describe-stored-filter.ts'

describe('a filter in words', () => {
  it.each([
    [{ id: 32015, name: 'zstd', values: [5] }, 'zstd 5'],
    [{ id: 32015, name: 'zstd', values: [4294967246] }, 'zstd -50'],
    [{ id: 32015, name: 'zstd', values: [] }, 'zstd'],
    [{ id: 1, name: 'deflate', values: [9] }, 'deflate 9'],
    [{ id: 2, name: 'shuffle', values: [8] }, 'shuffle'],
    [{ id: 2, name: 'shuffle', values: [768], elementBytes: 768 }, 'shuffle (768-byte elements)'],
    [{ id: 3, name: 'fletcher32', values: [] }, 'fletcher32'],
    [{ id: 32001, name: 'blosc', values: [2, 2, 1] }, 'blosc'],
  ])('%o', (report, words) => {
    expect(describeStoredFilter(report)).toBe(words)
  })

  it('only an element of shuffle that is not of the type is odd', () => {
    expect(findOddElementBytes({ id: 2, flags: 1, values: [768] }, 1)).toBe(768)
    expect(findOddElementBytes({ id: 2, flags: 1, values: [1] }, 1)).toBeUndefined()
    expect(findOddElementBytes({ id: 2, flags: 1, values: [] }, 1)).toBeUndefined()
    expect(findOddElementBytes({ id: 1, flags: 1, values: [5] }, 1)).toBeUndefined()
  })
})
