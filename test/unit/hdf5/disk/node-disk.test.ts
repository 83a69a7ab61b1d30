import { execFileSync } from 'node:child_process'
import { chmod, link, mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'

const isWindows = process.platform === 'win32'
const isRoot = process.getuid?.() === 0

test('writes at positions and reads them back', async () => {
  const path = join(await makeTemporaryFolder(), 'a')
  const file = await nodeDisk.createExclusive(path)
  await file.write(new Uint8Array([4, 5, 6]), 10)
  await file.write(new Uint8Array([1, 2, 3]), 0)
  await file.sync()
  const into = new Uint8Array(13)
  await file.readExactly(into, 0)
  expect([...into]).toEqual([1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 4, 5, 6])
  expect(await file.size()).toBe(13)
  await file.close()
  await file.close()
  expect(await readFile(path)).toEqual(Buffer.from(into))
})

test('reads beyond 4 GiB', async () => {
  const path = join(await makeTemporaryFolder(), 'large')
  const position = 5 * 2 ** 30
  const file = await nodeDisk.createExclusive(path)
  await file.write(new Uint8Array([9, 8]), position)
  const into = new Uint8Array(2)
  await file.readExactly(into, position)
  expect([...into]).toEqual([9, 8])
  expect((await file.facts()).bytes).toBe(position + 2)
  await file.close()
})

test('says where a file ends that should be longer', async () => {
  const path = join(await makeTemporaryFolder(), 'short')
  await writeFile(path, '12345')
  const file = await nodeDisk.openForRead(path)
  const error = await expectRejection(file.readExactly(new Uint8Array(4), 3), 'E_TRUNC')
  expect(error).toMatchObject({ tag: 'Hdf5Error', path, offset: 5, expected: 7, actual: 5 })
  await truncate(path, 1)
  expect(await file.size()).toBe(1)
  await file.close()
})

test('creates nothing where something is', async () => {
  const folder = await makeTemporaryFolder()
  await writeFile(join(folder, 'file'), 'x')
  await mkdir(join(folder, 'folder'))
  await symlink(join(folder, 'nowhere'), join(folder, 'dangling'))
  for (const name of ['file', 'folder', 'dangling']) {
    const error = await expectRejection(nodeDisk.createExclusive(join(folder, name)), 'E_EXISTS')
    expect(error).toMatchObject({ tag: 'OutputConflict', path: join(folder, name) })
  }
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('x')
})

test('names what is missing', async () => {
  const folder = await makeTemporaryFolder()
  const missing = join(folder, 'no', 'such')
  expect(await expectRejection(nodeDisk.openForRead(missing), 'E_MISSING')).toMatchObject({
    tag: 'InvalidInput',
    path: missing,
  })
  expect(await expectRejection(nodeDisk.createExclusive(missing), 'E_MISSING')).toMatchObject({
    tag: 'OutputConflict',
  })
  await expectRejection(nodeDisk.rename(missing, join(folder, 'b')), 'E_MISSING')
  await expectRejection(nodeDisk.freeBytes(missing), 'E_MISSING')
  expect(await nodeDisk.lookAt(missing)).toBeUndefined()
  expect(await nodeDisk.follow(missing)).toBeUndefined()
  expect(await nodeDisk.resolveLinks(missing)).toBeUndefined()
  expect(await nodeDisk.isFolderWritable(missing)).toBe(false)
  await nodeDisk.remove(missing)
})

test('a file below a file is missing, not an error', async () => {
  const path = join(await makeTemporaryFolder(), 'file')
  await writeFile(path, '')
  expect(await nodeDisk.lookAt(join(path, 'below'))).toBeUndefined()
  await expectRejection(nodeDisk.openForRead(join(path, 'below')), 'E_MISSING')
})

test('opens only regular files, and never waits for another program', async () => {
  const folder = await makeTemporaryFolder()
  expect(await expectRejection(nodeDisk.openForRead(folder), 'E_KIND')).toMatchObject({ actual: 'folder' })
  if (isWindows) return
  const fifo = join(folder, 'fifo')
  execFileSync('mkfifo', [fifo])
  await expectRejection(nodeDisk.openForRead(fifo), 'E_KIND')
  await expectRejection(nodeDisk.openForRead('/dev/zero'), 'E_KIND')
  const socket = join(folder, 'socket')
  const server = createServer().listen(socket)
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  await expectRejection(nodeDisk.openForRead(socket), 'E_KIND')
  expect((await nodeDisk.lookAt(socket))?.kind).toBe('other')
})

test.skipIf(isWindows || isRoot)('says that it has no permission', async () => {
  const folder = await makeTemporaryFolder()
  const path = join(folder, 'locked')
  await writeFile(path, 'x')
  await chmod(path, 0)
  expect(await expectRejection(nodeDisk.openForRead(path), 'E_PERM')).toMatchObject({
    tag: 'InvalidInput',
    path,
  })
  await chmod(folder, 0o500)
  onTestFinished(() => chmod(folder, 0o700))
  await expectRejection(nodeDisk.createExclusive(join(folder, 'new')), 'E_PERM')
  expect(await nodeDisk.isFolderWritable(folder)).toBe(false)
})

test('tells links from what lies behind them, and equal files by their identity', async () => {
  const folder = await makeTemporaryFolder()
  const path = join(folder, 'file')
  await writeFile(path, '123')
  await symlink(path, join(folder, 'soft'))
  await link(path, join(folder, 'hard'))
  await writeFile(join(folder, 'other'), '123')
  const facts = await nodeDisk.lookAt(path)
  expect(facts).toMatchObject({ kind: 'file', bytes: 3 })
  expect(Math.abs(facts!.modifiedMs - (await stat(path)).mtimeMs)).toBeLessThan(2)
  expect((await nodeDisk.lookAt(join(folder, 'soft')))?.kind).toBe('link')
  expect(await nodeDisk.follow(join(folder, 'soft'))).toEqual(facts)
  expect((await nodeDisk.lookAt(join(folder, 'hard')))?.identity).toBe(facts!.identity)
  expect((await nodeDisk.lookAt(join(folder, 'other')))?.identity).not.toBe(facts!.identity)
  expect(await nodeDisk.resolveLinks(join(folder, 'soft'))).toBe(path)
  const file = await nodeDisk.openForRead(join(folder, 'soft'))
  expect(await file.facts()).toEqual(facts)
  await file.close()
})

test('renames over what is there, removes, makes folders', async () => {
  const folder = await makeTemporaryFolder()
  const [from, to] = [join(folder, 'from'), join(folder, 'to')]
  await writeFile(from, 'new')
  await writeFile(to, 'old')
  await nodeDisk.rename(from, to)
  await nodeDisk.syncFolder(folder)
  expect(await readFile(to, 'utf8')).toBe('new')
  expect(await nodeDisk.lookAt(from)).toBeUndefined()
  await nodeDisk.remove(to)
  expect(await readdir(folder)).toEqual([])
  await nodeDisk.makeFolder(to)
  await expectRejection(nodeDisk.makeFolder(to), 'E_EXISTS')
  await expectRejection(nodeDisk.remove(to), 'E_KIND')
  expect(await nodeDisk.isFolderWritable(to)).toBe(true)
  expect(await nodeDisk.freeBytes(to)).toBeGreaterThan(0)
})

test('replaces a text file and leaves nothing else behind', async () => {
  const folder = await makeTemporaryFolder()
  const path = join(folder, 'text.json')
  await nodeDisk.writeText(path, 'first')
  await nodeDisk.writeText(path, 'zweiter Ünter')
  expect(await nodeDisk.readText(path, 100)).toBe('zweiter Ünter')
  expect(await readdir(folder)).toEqual(['text.json'])
  expect(await expectRejection(nodeDisk.readText(path, 3), 'E_SIZE')).toMatchObject({
    expected: 3,
    actual: 14,
  })
})

test('removes its temporary file if a text cannot be put in place', async () => {
  const folder = await makeTemporaryFolder()
  await mkdir(join(folder, 'taken'))
  await expect(nodeDisk.writeText(join(folder, 'taken'), 'x')).rejects.toMatchObject({
    tag: 'OutputConflict',
  })
  expect(await readdir(folder)).toEqual(['taken'])
})

test('does not accept impossible names', async () => {
  const folder = await makeTemporaryFolder()
  await expectRejection(nodeDisk.createExclusive(join(folder, 'x'.repeat(5000))), 'E_NAME')
  await expectRejection(nodeDisk.openForRead(`${folder}\0x`), 'E_NAME')
})
