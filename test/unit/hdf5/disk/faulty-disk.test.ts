import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import { failOperation, wrapDisk, type DiskOperation } from '../../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'

const content = new Uint8Array([1, 2, 3, 4, 5])

test('without faults it is the disk, with a list of what was asked', async () => {
  const folder = await makeTemporaryFolder()
  const path = join(folder, 'a')
  const disk = wrapDisk(nodeDisk, {})
  const file = await disk.createExclusive(path)
  await file.write(content, 2)
  await file.sync()
  await file.close()
  await disk.rename(path, `${path}2`)
  await disk.syncFolder(folder)
  expect(disk.operations).toEqual([
    { number: 1, kind: 'create', path },
    { number: 2, kind: 'write', path, offset: 2, bytes: 5 },
    { number: 3, kind: 'sync', path },
    { number: 4, kind: 'close', path },
    { number: 5, kind: 'rename', path, to: `${path}2` },
    { number: 6, kind: 'sync-folder', path: folder },
  ])
  expect([...(await readFile(`${path}2`))]).toEqual([0, 0, 1, 2, 3, 4, 5])
})

test('fails the k-th write as a full disk, the ones before and after go through', async () => {
  const path = join(await makeTemporaryFolder(), 'a')
  const disk = wrapDisk(nodeDisk, failOperation(2, 'ENOSPC', ['write']))
  const file = await disk.createExclusive(path)
  await file.write(content, 0)
  expect(await expectRejection(file.write(content, 5), 'E_OUT_SPACE')).toMatchObject({ path, offset: 5 })
  await file.write(content, 5)
  await file.close()
  expect((await readFile(path)).length).toBe(10)
})

test('leaves the first bytes of a torn write on the disk', async () => {
  const path = join(await makeTemporaryFolder(), 'a')
  const disk = wrapDisk(nodeDisk, {
    fault: ({ kind }) => (kind === 'write' ? { kind: 'fail', code: 'EIO', doneBytes: 3 } : undefined),
  })
  const file = await disk.createExclusive(path)
  await expectRejection(file.write(content, 0), 'E_IO')
  await file.close()
  expect([...(await readFile(path))]).toEqual([1, 2, 3])
})

test('writes in pieces, flips bytes on the way in and out', async () => {
  const path = join(await makeTemporaryFolder(), 'a')
  const disk = wrapDisk(nodeDisk, {
    fault: ({ kind, offset }) => {
      if (kind === 'write' && offset === 0) return { kind: 'split', pieceBytes: 2 }
      return kind === 'write' || kind === 'read' ? { kind: 'flip', index: 1, mask: 0x80 } : undefined
    },
  })
  const file = await disk.createExclusive(path)
  await file.write(content, 0)
  await file.write(content, 5)
  expect([...(await readFile(path))]).toEqual([1, 2, 3, 4, 5, 1, 0x82, 3, 4, 5])
  expect([...content]).toEqual([1, 2, 3, 4, 5])
  const into = new Uint8Array(5)
  await file.readExactly(into, 0)
  expect([...into]).toEqual([1, 0x82, 3, 4, 5])
  await file.close()
})

test('a failed sync is final, as the port promises', async () => {
  const disk = wrapDisk(nodeDisk, failOperation(1, 'EIO', ['sync']))
  const file = await disk.createExclusive(join(await makeTemporaryFolder(), 'a'))
  const first = await expectRejection(file.sync(), 'E_IO')
  expect(await expectRejection(file.write(content, 0), 'E_IO')).toBe(first)
  await file.close()
})

test('calls the hook before each operation and waits for it', async () => {
  const path = join(await makeTemporaryFolder(), 'a')
  const seen: DiskOperation['kind'][] = []
  const disk = wrapDisk(nodeDisk, {
    hook: async ({ kind }) => {
      await Promise.resolve()
      seen.push(kind)
      if (kind === 'rename') throw new Error('stop here')
    },
  })
  await disk.writeText(path, 'x')
  await expect(disk.rename(path, `${path}2`)).rejects.toThrow('stop here')
  expect(seen).toEqual(['write-text', 'rename'])
  expect(await disk.readText(path, 10)).toBe('x')
})

test('fails opens, looks and renames with the code of the port', async () => {
  const path = join(await makeTemporaryFolder(), 'a')
  const disk = wrapDisk(nodeDisk, { fault: () => ({ kind: 'fail', code: 'EACCES' }) })
  for (const call of [
    () => disk.openForRead(path),
    () => disk.createExclusive(path),
    () => disk.lookAt(path),
    () => disk.follow(path),
    () => disk.resolveLinks(path),
    () => disk.isFolderWritable(path),
    () => disk.rename(path, path),
    () => disk.remove(path),
    () => disk.makeFolder(path),
    () => disk.syncFolder(path),
    () => disk.freeBytes(path),
    () => disk.readText(path, 1),
    () => disk.writeText(path, ''),
  ]) {
    await expectRejection(call(), 'E_PERM')
  }
})
