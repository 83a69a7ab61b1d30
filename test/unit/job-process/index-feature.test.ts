import { describe, expect, test } from 'vitest'
import { float64Type, integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import { readNumbers } from '../../../src-main/read/read-numbers.ts'
import { composeIndexRows } from '../../../src-main/job-process/index-feature.ts'

describe('composeIndexRows', () => {
  test.each([
    ['uint32', integerType(4, false)],
    ['int64', integerType(8, true)],
    ['big-endian int32', integerType(4, true, false)],
    ['uint16', integerType(2, false)],
    ['uint8', integerType(1, false)],
    ['float64', float64Type()],
  ])('counts from 1 in the type of the source: %s', (_, datatype) => {
    expect([...(readNumbers(datatype, composeIndexRows(datatype, 9, 12)) ?? [])]).toEqual([10, 11, 12])
  })
})
