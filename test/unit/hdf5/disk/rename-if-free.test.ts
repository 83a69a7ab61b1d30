import { link, readdir, readFile, stat, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import { renameIfFree } from '../../../../src-main/hdf5/disk/rename-if-free.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'

async function makeFile(): Promise<{ readonly folder: string; readonly from: string; readonly to: string }> {
  const folder = await makeTemporaryFolder()
  const from = join(folder, 'from')
  await writeFile(from, 'mine')
  return { folder, from, to: join(folder, 'to') }
}

const refuseSecondName = (code: string) => () =>
  Promise.reject(Object.assign(new Error('no second names here'), { code }))

describe('renaming to a name that is to be free', () => {
  test('gives the file its new name, and only that one', async () => {
    const { folder, from, to } = await makeFile()
    const { ino } = await stat(from)
    await nodeDisk.renameIfFree(from, to)
    expect(await readdir(folder)).toEqual(['to'])
    expect(await stat(to)).toMatchObject({ ino, nlink: 1 })
  })

  test('replaces nothing: no file, no folder, no link that leads nowhere', async () => {
    const { folder, from, to } = await makeFile()
    await writeFile(to, 'dear')
    await symlink(join(folder, 'nowhere'), join(folder, 'link'))
    for (const taken of [to, join(folder, 'link'), folder]) {
      await expectRejection(nodeDisk.renameIfFree(from, taken), 'E_EXISTS')
    }
    expect((await readdir(folder)).sort()).toEqual(['from', 'link', 'to'])
    expect(await readFile(to, 'utf8')).toBe('dear')
    expect(await readFile(from, 'utf8')).toBe('mine')
  })

  test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])(
    'looks and renames where a file can have one name only (%s)',
    async (code) => {
      const { folder, from, to } = await makeFile()
      const addName = refuseSecondName(code)
      await renameIfFree(from, to, { addName })
      expect(await readdir(folder)).toEqual(['to'])
      await writeFile(from, 'second')
      await expect(renameIfFree(from, to, { addName })).rejects.toMatchObject({ code: 'EEXIST' })
      expect(await readFile(to, 'utf8')).toBe('mine')
    },
  )

  test('passes on what else the system says, and leaves the file as it was', async () => {
    const { folder, from, to } = await makeFile()
    await expect(renameIfFree(from, to, { addName: refuseSecondName('EIO') })).rejects.toMatchObject({
      code: 'EIO',
    })
    expect(await readdir(folder)).toEqual(['from'])
  })

  test('keeps the new name when somebody has taken the first one away meanwhile', async () => {
    const { folder, from, to } = await makeFile()
    const addName = async (): Promise<void> => {
      await link(from, to)
      await unlink(from)
    }
    await renameIfFree(from, to, { addName })
    expect(await readdir(folder)).toEqual(['to'])
    expect(await readFile(to, 'utf8')).toBe('mine')
  })
})
