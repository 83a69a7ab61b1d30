import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import type { FilterPipeline } from '../../../../src-main/hdf5/model.ts'
import { makeIntegerAttribute } from '../../../../src-main/hdf5/writing/attributes.ts'
import { integerType } from '../../../../src-main/hdf5/writing/datatypes.ts'
import { FileWriter } from '../../../../src-main/hdf5/writing/file-writer.ts'
import { expectError, expectRejection } from '../../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'
import { createInlinePool } from './inline-pool.ts'

const pool = createInlinePool()

function chunked(chunkShape: readonly number[], filters: FilterPipeline = []) {
  return { kind: 'chunked', chunkShape, filters } as const
}

describe('what is refused', () => {
  async function withFile(use: (file: FileWriter) => Promise<void>): Promise<void> {
    const file = await FileWriter.create(nodeDisk, join(await makeTemporaryFolder(), 'refused.h5'), { pool })
    await use(file)
    // What was refused leaves the file as good as before.
    await file.finish()
    await file.close()
  }
  const datatype = integerType(2, false)

  test('parts of rows, rows beyond the maximum, data twice', () =>
    withFile(async (file) => {
      const fixed = file.root.createDataset('fixed', {
        datatype,
        shape: [2],
        storage: { kind: 'contiguous' },
      })
      await expectRejection(fixed.append(new Uint8Array(3)), 'E_LEN')
      await expectRejection(fixed.append(new Uint8Array(6)), 'E_RANGE')
      await expectRejection(fixed.write({ bytes: new Uint8Array(2), sequences: [] }), 'E_LEN')
      await fixed.write({ bytes: new Uint8Array(4), sequences: [] })
      await expectRejection(fixed.write({ bytes: new Uint8Array(4), sequences: [] }), 'E_EXISTS')
    }))

  test('impossible shapes, chunks and filters', () =>
    withFile(async (file) => {
      const create = (spec: object) => () =>
        file.root.createDataset('x', { datatype, shape: [4, 4], storage: chunked([2, 2]), ...spec })
      expectError(create({ shape: [-1, 4] }), 'E_DIMS')
      expectError(create({ storage: chunked([2]) }), 'E_DIMS')
      expectError(create({ storage: chunked([2, 0]) }), 'E_DIMS')
      expectError(create({ storage: chunked([2, 5]) }), 'E_DIMS')
      expectError(create({ shape: [] }), 'E_DIMS')
      expectError(create({ maxShape: [3, 4] }), 'E_DIMS')
      expectError(create({ maxShape: [null, 4], storage: { kind: 'contiguous' } }), 'E_DIMS')
      expectError(create({ fillValue: new Uint8Array(3) }), 'E_LEN')
      expectError(create({ shape: [0, 2 ** 20], storage: chunked([2 ** 10, 2 ** 20]) }), 'E_CHUNKSIZE')
      const error = expectError(
        create({ storage: chunked([2, 2], [{ id: 4, flags: 0, values: [] }]) }),
        'E_FILTER',
      )
      expect(error.message).toContain('szip')
      expect(file.root.childNames()).toEqual([])
    }))

  test('names that are taken or impossible', () =>
    withFile(async (file) => {
      const spec = { datatype, shape: [1], storage: { kind: 'contiguous' } } as const
      file.root.createDataset('x', spec)
      expectError(() => file.root.createDataset('x', spec), 'E_EXISTS')
      expectError(() => file.root.createDataset('.', spec), 'E_NAME')
      expectError(() => file.root.createDataset('', spec), 'E_NAME')
      expectError(() => file.root.requireGroup('x'), 'E_TYPE')
      expectError(() => file.root.createDataset('x/y', spec), 'E_TYPE')
      expectError(() => file.root.removeChild('y'), 'E_MISSING')
      expectError(() => file.root.addSoftLink('x', '/y'), 'E_EXISTS')
      expectError(() => file.root.addSoftLink('z', ''), 'E_NAME')
    }))

  test('a group that would lie in itself', () =>
    withFile(async (file) => {
      const inner = file.root.requireGroup('a/b')
      expectError(() => inner.addHardLink('back', file.root.requireGroup('a')), 'E_CYCLE')
      expectError(() => inner.addHardLink('self', inner), 'E_CYCLE')
    }))

  test('anything after the end', async () => {
    const path = join(await makeTemporaryFolder(), 'closed.h5')
    const file = await FileWriter.create(nodeDisk, path, { pool })
    const dataset = file.root.createDataset('x', { datatype, shape: [0], storage: chunked([2]) })
    await file.finish()
    await expectRejection(dataset.append(new Uint8Array(2)), 'E_CLOSED')
    expectError(() => file.root.setAttribute(makeIntegerAttribute('a', 1)), 'E_CLOSED')
    expectError(() => file.root.requireGroup('g'), 'E_CLOSED')
    await file.close()
    await expectRejection(FileWriter.create(nodeDisk, path, { pool }), 'E_EXISTS')
  })
})
