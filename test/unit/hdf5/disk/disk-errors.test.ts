import { expect, test } from 'vitest'
import { Internal } from '../../../../src-main/errors.ts'
import { toDiskError } from '../../../../src-main/hdf5/disk/disk-errors.ts'

test.each([
  ['EACCES', 'E_PERM'],
  ['EPERM', 'E_PERM'],
  ['EROFS', 'E_PERM'],
  ['EBUSY', 'E_BUSY'],
  ['ENOENT', 'E_MISSING'],
  ['ENXIO', 'E_KIND'],
  ['ENAMETOOLONG', 'E_NAME'],
  ['ENOSPC', 'E_OUT_SPACE'],
  ['EIO', 'E_IO'],
  ['ESTALE', 'E_IO'],
])('tells %s as %s and names the path', (system, code) => {
  const thrown = Object.assign(new Error('x'), { code: system })
  const error = toDiskError(thrown, { path: '/data/a.rtdc', purpose: 'read', offset: 12 })
  expect(error).toMatchObject({ code, path: '/data/a.rtdc', offset: 12, cause: thrown })
  expect(error.message).toContain('/data/a.rtdc')
})

test('a refusal concerns the input when reading and the output when writing', () => {
  const thrown = Object.assign(new Error('x'), { code: 'EACCES' })
  expect(toDiskError(thrown, { path: 'a', purpose: 'read' }).tag).toBe('InvalidInput')
  expect(toDiskError(thrown, { path: 'a', purpose: 'write' }).tag).toBe('OutputConflict')
})

test('lets a deliberate error through', () => {
  const error = new Internal('x')
  expect(toDiskError(error, { path: 'a', purpose: 'read' })).toBe(error)
})
