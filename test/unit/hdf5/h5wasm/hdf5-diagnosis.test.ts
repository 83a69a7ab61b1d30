import { expect, test } from 'vitest'
import { parseDiagnosis, toHdf5Error } from '../../../../src-main/hdf5/h5wasm/hdf5-diagnosis.ts'

const TEXT = `HDF5-DIAG: Error detected in HDF5 (2.0.0):
  #000: /build/hdf5-src/src/H5G.c line 437 in H5Gopen2(): unable to synchronously open group
    major: Symbol table
    minor: Unable to create file
  #001: C:\\build\\H5Gloc.c line 381 in H5G__loc_find_cb(): object 'nope' doesn't exist
    major: Symbol table
    minor: Object not found
`

/** A stack with one entry of that description. */
function stack(description: string, major: string): string {
  return `HDF5-DIAG: Error\n  #000: H5Z.c line 1 in H5Z_pipeline(): ${description}\n    major: ${major}\n    minor: x\n`
}

test('reads the records of an error stack', () => {
  expect(parseDiagnosis(TEXT)).toEqual([
    {
      file: 'H5G.c',
      line: 437,
      function: 'H5Gopen2',
      description: 'unable to synchronously open group',
      major: 'Symbol table',
      minor: 'Unable to create file',
    },
    {
      file: 'H5Gloc.c',
      line: 381,
      function: 'H5G__loc_find_cb',
      description: "object 'nope' doesn't exist",
      major: 'Symbol table',
      minor: 'Object not found',
    },
  ])
})

test('makes an error of the cause, with file and object', () => {
  const error = toHdf5Error(TEXT, { path: '/a.rtdc', object: '/nope' })
  expect(error).toMatchObject({ tag: 'Hdf5Error', code: 'E_MISSING', path: '/a.rtdc', object: '/nope' })
  expect(error.message).toBe(
    "/a.rtdc: /nope: object 'nope' doesn't exist (HDF5 H5G__loc_find_cb: Symbol table, Object not found)",
  )
})

test.each([
  ["required filter 'blosc' is not registered", 'Data filters', 'E_FILTER'],
  ['data error detected by Fletcher32 checksum', 'Data filters', 'E_CHUNK'],
  ['file signature not found', 'File accessibility', 'E_MAGIC'],
  ['truncated file: eof = 20000', 'File accessibility', 'E_TRUNC'],
  ['incorrect metadata checksum after all read attempts', 'Object header', 'E_META'],
  ['unable to set order', 'Datatype', 'E_TYPE'],
])('knows "%s"', (description, major, code) => {
  expect(toHdf5Error(stack(description, major), {}).code).toBe(code)
})

test('says that there was no reason if there was none', () => {
  expect(toHdf5Error('', { object: '/x' })).toMatchObject({ code: 'E_META', object: '/x' })
  expect(parseDiagnosis('HDF5: infinite loop closing library\n')).toEqual([])
})
