import { describe, expect, it } from 'vitest'

import { variableStringType, float64Type } from '../../../src-main/hdf5/writing/datatypes.ts'
import { chooseChunkShape } from '../../../src-main/write/chunk-shape.ts'
import { choosePipeline, setDefaultFilterKwargs } from '../../../src-main/write/default-filters.ts'
import { HDF5Writer } from '../../../src-main/write/hdf5-writer.ts'
import { expectError } from '../../helpers/expect-error.ts'

describe('setDefaultFilterKwargs', () => {
  it('asks for zstd 5 and a checksum unless told otherwise', () => {
    expect(setDefaultFilterKwargs()).toEqual({ compression: 'zstd', compressionOpts: 5, fletcher32: true })
    expect(setDefaultFilterKwargs({}, false)).toEqual({
      compression: null,
      compressionOpts: null,
      fletcher32: true,
    })
    expect(setDefaultFilterKwargs({ compression: null, fletcher32: false })).toEqual({
      compression: null,
      compressionOpts: null,
      fletcher32: false,
    })
    expect(setDefaultFilterKwargs({ compression: 'gzip', compressionOpts: 9 }, false)).toMatchObject({
      compression: 'gzip',
      compressionOpts: 9,
    })
  })

  it('leaves its argument alone', () => {
    const given = Object.freeze({ shuffle: true })
    expect(setDefaultFilterKwargs(given)).toEqual({
      shuffle: true,
      compression: 'zstd',
      compressionOpts: 5,
      fletcher32: true,
    })
    expect(given).toEqual({ shuffle: true })
  })
})

describe('choosePipeline', () => {
  it('puts shuffle first and the checksum last', () => {
    const pipeline = choosePipeline({ shuffle: true, compression: 'gzip' }, float64Type())
    expect(pipeline.map(({ id, values }) => [id, values])).toEqual([
      [2, [8]],
      [1, [5]],
      [3, []],
    ])
  })

  it('gives variable-length data no filters', () => {
    expect(choosePipeline({}, variableStringType())).toEqual([])
  })

  it('refuses a level that the codec does not have', () => {
    expectError(() => choosePipeline({ compressionOpts: 23 }, float64Type()), 'E_USAGE')
    expectError(() => choosePipeline({ compression: 'gzip', compressionOpts: 10 }, float64Type()), 'E_USAGE')
  })
})

describe('chunk shapes', () => {
  it('are those of dcnum', () => {
    expect(HDF5Writer.getBestNdChunks([])).toEqual([1000])
    expect(HDF5Writer.getBestNdChunks([80, 320], 1)).toEqual([40, 80, 320])
    expect(HDF5Writer.getBestNdChunks([177], 2)).toEqual([1000, 177])
    expect(HDF5Writer.getBestNdChunks([2000, 2000])).toEqual([10, 2000, 2000])
  })

  it('have no more rows than the dataset, and no fewer than one', () => {
    expect(chooseChunkShape({ itemShape: [], itemBytes: 8, rowCount: 3 })).toEqual([3])
    expect(chooseChunkShape({ itemShape: [], itemBytes: 8, rowCount: 0 })).toEqual([1])
  })

  it('stay below 256 MiB, or are refused', () => {
    expect(chooseChunkShape({ itemShape: [2 ** 26], itemBytes: 1 })).toEqual([4, 2 ** 26])
    expectError(() => chooseChunkShape({ itemShape: [2 ** 29], itemBytes: 1 }), 'E_DIMS')
    expectError(() => chooseChunkShape({ itemShape: [0], itemBytes: 1 }), 'E_DIMS')
    expectError(() => chooseChunkShape({ itemShape: [5], itemBytes: 1, wanted: [5] }), 'E_DIMS')
  })
})
