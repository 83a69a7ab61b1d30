import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FilterPool } from '../../../src-main/hdf5/filters/filter-pool.ts'
import { createFilterPool } from '../../../src-main/hdf5/filters/worker-filter-pool.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import {
  findNearestFolder,
  makeOutputFolders,
  removeMadeFolders,
} from '../../../src-main/job-process/output-folders.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { failOperation, wrapDisk } from '../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { makeContext, makeSample, rewrite } from './job-fixture.ts'

let pool: FilterPool
beforeAll(() => {
  pool = createFilterPool({ threads: 2 })
})
afterAll(() => pool.close())

/** What is below a folder, as `a`, `a/b`. */
async function list(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).map((name) => name.replaceAll('\\', '/')).sort()
}

describe('folders of a mirrored tree', () => {
  test('are made from the chosen one on, and those that others have made stay as they are', async () => {
    const root = await makeTemporaryFolder()
    await mkdir(join(root, 'day 1'))
    const place = { root, path: join(root, 'day 1', 'chip', '2', 'x.rtdc') }
    expect(await findNearestFolder(place, nodeDisk)).toBe(join(root, 'day 1'))
    expect(await list(root)).toEqual(['day 1'])
    const made = await makeOutputFolders(place, nodeDisk)
    expect(made).toEqual([join(root, 'day 1', 'chip'), join(root, 'day 1', 'chip', '2')])
    expect(await makeOutputFolders(place, nodeDisk)).toEqual([])
    await writeFile(join(root, 'day 1', 'chip', 'notes.txt'), '')
    await removeMadeFolders(made, nodeDisk)
    expect(await list(root)).toEqual(['day 1', 'day 1/chip', 'day 1/chip/notes.txt'])
  })

  test('are made by several jobs at once', async () => {
    const root = await makeTemporaryFolder()
    const place = { root, path: join(root, 'a', 'b', 'x.rtdc') }
    const made = await Promise.all([1, 2, 3, 4].map(() => makeOutputFolders(place, nodeDisk)))
    expect(made.flat().sort()).toEqual([join(root, 'a'), join(root, 'a', 'b')])
  })

  test('are never made outside the chosen one, nor where that is gone, nor over a file', async () => {
    const root = await makeTemporaryFolder()
    const outside = await makeTemporaryFolder()
    for (const way of ['..', join('..', 'else'), join('a', '..', '..')]) {
      const place = { root, path: `${root}/${way}/x.rtdc` }
      await expectRejection(findNearestFolder(place, nodeDisk), 'E_OUT_FOLDER')
      await expectRejection(makeOutputFolders(place, nodeDisk), 'E_OUT_FOLDER')
    }
    const gone = join(root, 'gone')
    await expectRejection(
      findNearestFolder({ root: gone, path: join(gone, 'a', 'x') }, nodeDisk),
      'E_OUT_FOLDER',
    )
    await writeFile(join(root, 'file'), '')
    const behind = { root, path: join(root, 'file', 'b', 'x.rtdc') }
    await expectRejection(makeOutputFolders(behind, nodeDisk), 'E_OUT_FOLDER')
    expect(await list(root)).toEqual(['file'])
    expect(await list(outside)).toEqual([])
  })

  test.skipIf(process.platform === 'win32')(
    'are not made through a link that leads outside, dangling ones included; one that stays inside is no harm',
    async () => {
      const root = await makeTemporaryFolder()
      const outside = await makeTemporaryFolder()
      await mkdir(join(root, 'inside'))
      await symlink(outside, join(root, 'out'))
      await symlink(join(outside, 'nothing'), join(root, 'dangling'))
      await symlink(join(root, 'inside'), join(root, 'in'))
      for (const name of ['out', 'dangling']) {
        const place = { root, path: join(root, name, 'a', 'x.rtdc') }
        await expectRejection(findNearestFolder(place, nodeDisk), 'E_OUT_FOLDER')
        await expectRejection(makeOutputFolders(place, nodeDisk), 'E_OUT_FOLDER')
        await expectRejection(
          findNearestFolder({ root, path: join(root, name, 'x') }, nodeDisk),
          'E_OUT_FOLDER',
        )
      }
      expect(await list(outside)).toEqual([])
      expect(await makeOutputFolders({ root, path: join(root, 'in', 'a', 'x.rtdc') }, nodeDisk)).toHaveLength(
        1,
      )
      expect(await list(join(root, 'inside'))).toEqual(['a'])
    },
  )

  test('are gone again where one of them could not be made', async () => {
    const root = await makeTemporaryFolder()
    const disk = {
      ...nodeDisk,
      makeFolder: async (path: string) => {
        if (path.endsWith('b')) throw new Error('the disk is gone')
        await nodeDisk.makeFolder(path)
      },
    }
    await expect(makeOutputFolders({ root, path: join(root, 'a', 'b', 'x') }, disk)).rejects.toThrow('gone')
    expect(await list(root)).toEqual([])
  })
})

describe('a rewrite into a mirrored tree', () => {
  test('makes the folders it needs, and only then', async () => {
    const folder = await makeTemporaryFolder()
    const input = await makeSample(folder, 10, makeContext(pool))
    const output = join(folder, 'out', 'day', 'chip', 'x.rtdc')
    await expectRejection(rewrite({ input, output }, makeContext(pool)), 'E_OUT_FOLDER')
    await mkdir(join(folder, 'out'))
    await rewrite({ input, output, outputRoot: join(folder, 'out') }, makeContext(pool))
    expect(await list(join(folder, 'out'))).toEqual(['day', 'day/chip', 'day/chip/x.rtdc'])
  })

  test('that is refused, or fails, leaves no folder behind', async () => {
    const folder = await makeTemporaryFolder()
    const input = await makeSample(folder, 10, makeContext(pool))
    const root = join(folder, 'out')
    await mkdir(root)
    const order = { input, output: join(root, 'day', 'chip', 'x.rtdc'), outputRoot: root }
    await expectRejection(rewrite({ ...order, features: ['nothing'] }, makeContext(pool)), 'E_FEATURE')
    expect(await list(root)).toEqual([])
    const disk = wrapDisk(nodeDisk, failOperation(3, 'EIO', ['write']))
    await expectRejection(rewrite(order, makeContext(pool, { disk })), 'E_IO')
    expect(await list(root)).toEqual([])
    await rm(root, { recursive: true })
  })

  test('refuses its list of events as output', async () => {
    const folder = await makeTemporaryFolder()
    const input = await makeSample(folder, 10, makeContext(pool))
    const file = join(folder, 'rows.rtdc')
    await writeFile(file, '0\n')
    const order = { input, output: file, events: { kind: 'indices', file }, overwrite: true } as const
    await expectRejection(rewrite(order, makeContext(pool)), 'E_SAME')
  })
})
