import { expect, test } from 'vitest'
import {
  buildPipeline,
  canDecode,
  describeFilter,
  isKnownFilter,
  canEncode,
} from '../../../../src-main/hdf5/filters/pipeline.ts'
import { expectError } from '../../../helpers/expect-error.ts'

/** What h5py 3.16 with hdf5plugin 4.4 lists for `shuffle=True, fletcher32=True, **Zstd(clevel=5)` on uint16. */
const STORED_BY_H5PY = [
  { id: 2, flags: 1, values: [2], name: 'shuffle' },
  { id: 32015, flags: 1, values: [5], name: 'Zstandard compression: http://www.zstd.net' },
  { id: 3, flags: 0, values: [], name: 'fletcher32' },
]

test('builds what h5py and hdf5plugin store', () => {
  const choice = { codec: 'zstd', level: 5, shuffle: true, checksum: true } as const
  expect(buildPipeline(choice, 2)).toEqual(STORED_BY_H5PY)
})

test('builds gzip as deflate with its level', () => {
  const choice = { codec: 'gzip', level: 9, shuffle: false, checksum: true } as const
  expect(buildPipeline(choice, 8)).toEqual([
    { id: 1, flags: 1, values: [9], name: 'deflate' },
    { id: 3, flags: 0, values: [], name: 'fletcher32' },
  ])
})

test('builds nothing if neither codec nor checksum is wanted', () => {
  expect(buildPipeline({ codec: 'none', level: 0, shuffle: false, checksum: false }, 8)).toEqual([])
})

test.each([
  ['zstd', 0],
  ['zstd', 23],
  ['zstd', 2.5],
  ['gzip', -1],
  ['gzip', 10],
] as const)('refuses %s with level %d', (codec, level) => {
  expectError(() => buildPipeline({ codec, level, shuffle: false, checksum: false }, 1), 'E_USAGE')
})

test('names filters by number and name', () => {
  expect(describeFilter(32001)).toBe('32001 (blosc)')
  expect(describeFilter(4)).toBe('4 (szip)')
  expect(describeFilter(40000)).toBe('40000')
})

test('knows which filters this layer decodes', () => {
  expect([1, 2, 3, 32015].every(isKnownFilter)).toBe(true)
  expect([4, 5, 6, 307, 32000, 32001, 32004, 32008].some(isKnownFilter)).toBe(false)
  const lzf = [{ id: 32000, flags: 1, values: [] }]
  expect([canDecode(lzf), canEncode(lzf)]).toEqual([true, false])
  expect(canDecode(STORED_BY_H5PY)).toBe(true)
  expect(canDecode([...STORED_BY_H5PY, { id: 4, flags: 1, values: [] }])).toBe(false)
})
