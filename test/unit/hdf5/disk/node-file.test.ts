import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NodeFile, type RawFile } from '../../../../src-main/hdf5/disk/node-file.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'

type DataCall = readonly [data: Uint8Array, offset: number, length: number, position: number]

/** A real file below whose retries a test can put faults: each call of `before` may throw or shorten the call. */
async function openWithFaults(
  before: (call: 'read' | 'write' | 'sync', bytes: number) => number | undefined,
) {
  const handle = await open(join(await makeTemporaryFolder(), 'file'), 'wx+')
  const raw = {
    stat: (options: { readonly bigint: true }) => handle.stat(options),
    close: () => handle.close(),
    sync: async () => {
      before('sync', 0)
      await handle.sync()
    },
    read: (...[into, offset, length, position]: DataCall) =>
      handle.read(into, offset, before('read', length) ?? length, position),
    write: (...[data, offset, length, position]: DataCall) =>
      handle.write(data, offset, before('write', length) ?? length, position),
  }
  // FileHandle has many overloads; these are the ones that NodeFile calls.
  return new NodeFile('the-file', raw as unknown as RawFile, { retryPauseMs: 0 })
}

function fail(code: string): never {
  throw Object.assign(new Error(code), { code })
}

const content = Uint8Array.from({ length: 1000 }, (_, i) => i)

test('goes on after short writes and short reads until all is done', async () => {
  const file = await openWithFaults((_call, bytes) => Math.max(1, bytes >> 1))
  await file.write(content, 7)
  const into = new Uint8Array(1000)
  await file.readExactly(into, 7)
  expect(into).toEqual(content)
  await file.close()
})

test('takes a write of nothing as a full disk', async () => {
  let calls = 0
  const file = await openWithFaults((_call, bytes) => ((calls += 1) < 3 ? bytes >> 1 : 0))
  const error = await expectRejection(file.write(content, 0), 'E_OUT_SPACE')
  expect(error).toMatchObject({ tag: 'OutputConflict', path: 'the-file', offset: 750 })
  await file.close()
})

test.each([
  ['ENOSPC', 'E_OUT_SPACE'],
  ['EDQUOT', 'E_OUT_SPACE'],
  ['EFBIG', 'E_OUT_SPACE'],
  ['EIO', 'E_IO'],
])('tells %s while writing as %s', async (code, expected) => {
  const file = await openWithFaults((call) => (call === 'write' ? fail(code) : undefined))
  expect(await expectRejection(file.write(content, 0), expected)).toMatchObject({
    path: 'the-file',
    offset: 0,
  })
  await file.close()
})

test('tries a read three times more when the disk stumbles', async () => {
  let failures = 0
  const file = await openWithFaults((call) => (call === 'read' && ++failures <= 3 ? fail('EIO') : undefined))
  await file.write(content, 0)
  const into = new Uint8Array(1000)
  await file.readExactly(into, 0)
  expect(into).toEqual(content)
  await file.close()
})

test('gives up after the fourth failed read', async () => {
  let calls = 0
  const file = await openWithFaults((call) => (call === 'read' ? (++calls, fail('EIO')) : undefined))
  await file.write(content, 0)
  const error = await expectRejection(file.readExactly(new Uint8Array(10), 20), 'E_IO')
  expect(error).toMatchObject({ tag: 'Hdf5Error', path: 'the-file', offset: 20 })
  expect(calls).toBe(4)
  await file.close()
})

test('does not repeat a write', async () => {
  let calls = 0
  const file = await openWithFaults((call) => (call === 'write' ? (++calls, fail('EIO')) : undefined))
  await expectRejection(file.write(content, 0), 'E_IO')
  expect(calls).toBe(1)
  await file.close()
})

test('a failed sync is final: no second one, no more writes', async () => {
  let syncs = 0
  const file = await openWithFaults((call) => (call === 'sync' ? (++syncs, fail('EIO')) : undefined))
  const first = await expectRejection(file.sync(), 'E_IO')
  expect(await expectRejection(file.sync(), 'E_IO')).toBe(first)
  expect(await expectRejection(file.write(content, 0), 'E_IO')).toBe(first)
  expect(syncs).toBe(1)
  await file.close()
})

test('says that a closed file is closed', async () => {
  const file = await openWithFaults(() => undefined)
  await file.close()
  await expectRejection(file.readExactly(new Uint8Array(1), 0), 'E_IO')
})
