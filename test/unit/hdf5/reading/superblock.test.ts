import { writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import type { ReadableFile } from '../../../../src-main/hdf5/disk/disk-port.ts'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import { lookup3 } from '../../../../src-main/hdf5/lookup3.ts'
import { FileReader } from '../../../../src-main/hdf5/reading/file-reader.ts'
import { readSuperblock } from '../../../../src-main/hdf5/reading/superblock.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import { text, u64 } from './handmade-file.ts'
import {
  makePattern,
  openBytes,
  openFixture,
  openReader,
  readFixture,
  storeBytes,
} from './reading-fixture.ts'

async function expectRefused(bytes: Uint8Array, code: string): Promise<string> {
  const path = await storeBytes(bytes)
  const error = await expectRejection(FileReader.open(nodeDisk, path), code)
  expect(error.path).toBe(path)
  expect(error.message).toContain(path)
  return error.message
}

/** Writes fields of a version 2 or 3 superblock at byte 0 and makes its checksum right again. */
function patchSuperblock(bytes: Uint8Array, at: number, values: readonly number[]): Uint8Array {
  bytes.set(values, at)
  new DataView(bytes.buffer).setUint32(44, lookup3(bytes, 0, 44), true)
  return bytes
}

it.each([
  ['plain-earliest', 0],
  ['superblock-1', 1],
  ['plain-v108', 2],
  ['plain-latest', 3],
  ['userblock', 0],
  ['userblock-latest', 3],
])('opens %s, superblock version %i', async (name, version) => {
  const file = await openFixture(name)
  expect(file.superblockVersion).toBe(version)
  expect(file.warnings).toEqual([])
  expect((await file.root()).links.length).toBeGreaterThan(0)
})

it.each(['userblock', 'userblock-latest'])('adds the base address behind a user block: %s', async (name) => {
  const file = await openFixture(name)
  const values = await (await openReader(file, '/events/deform')).readAll()
  expect([...new Float64Array(values.bytes.slice().buffer)]).toEqual(makePattern(50))
  const texts = await (await openReader(file, '/events/texts')).readAll()
  expect(texts.sequences.map((sequence) => Buffer.from(sequence).toString())).toEqual(['a', 'bc'])
})

it('says that a file is empty or too short', async () => {
  expect(await expectRefused(new Uint8Array(), 'E_SHORT')).toContain('is empty')
  expect(await expectRefused(new Uint8Array(47), 'E_SHORT')).toContain('47 bytes')
})

it.each([
  ['a JPEG image', [0xff, 0xd8, 0xff, 0xe0]],
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['a ZIP archive', [0x50, 0x4b, 0x03, 0x04]],
  ['a TDMS file', [...text('TDSm'), 0x0e, 0]],
  ['a CSV or text table', text('deform,area_um\n0.1,20.5\n'.repeat(9))],
  ['a text file', text('once upon a time '.repeat(9))],
  ['a web page', text('<!DOCTYPE html><html>not found</html>'.repeat(9))],
  ['zeros', []],
])('names what it is instead of HDF5: %s', async (name, start) => {
  const isText = start.length > 40
  const bytes = isText ? Uint8Array.from(start) : new Uint8Array(600)
  bytes.set(start)
  expect(await expectRefused(bytes, 'E_MAGIC')).toContain(name)
})

it('says only that it is not HDF5 where it knows nothing more', async () => {
  expect(await expectRefused(new Uint8Array(600).fill(0xa7), 'E_MAGIC')).toMatch(/is not an HDF5 file$/)
})

it.each(['plain-earliest', 'plain-v108', 'plain-latest', 'userblock'])(
  'gives both sizes of a truncated file: %s',
  async (name) => {
    const bytes = await readFixture(name)
    const message = await expectRefused(bytes.subarray(0, bytes.length - 1), 'E_TRUNC')
    expect(message).toContain(`${bytes.length - 1} of ${bytes.length} bytes`)
    expect(message).not.toContain('FAT32')
  },
)

it.each([2 ** 31 - 1, 2 ** 32 - 1])('suspects the copy where a file was cut at %i bytes', async (size) => {
  const bytes = patchSuperblock(await readFixture('plain-v108'), 28, u64(5_000_000_000))
  const path = await storeBytes(bytes)
  const file: ReadableFile = await nodeDisk.openForRead(path)
  const error = await expectRejection(readSuperblock(file, size), 'E_TRUNC')
  await file.close()
  expect(error.message).toContain('FAT32')
  expect([error.actual, error.expected]).toEqual([size, 5_000_000_000])
})

it('opens a file with bytes behind its end', async () => {
  const bytes = await readFixture('plain-v108')
  const longer = new Uint8Array(bytes.length + 5000).fill(7)
  longer.set(bytes)
  expect((await (await openBytes(longer)).root()).links.map((link) => link.name)).toEqual(['events'])
})

it.each([
  ['plain-latest', 0b101],
  ['plain-latest', 0b001],
  ['plain-v108', 0b001],
])('warns about a file that was left open for writing, and reads it: %s, mark %i', async (fixture, mark) => {
  const file = await openBytes(patchSuperblock(await readFixture(fixture), 11, [mark]))
  expect(file.warnings.map((warning) => warning.code)).toEqual(['W_DIRTY'])
  expect((await file.root()).links).toHaveLength(1)
})

it('warns about the mark in a superblock of version 0, which has no checksum', async () => {
  const bytes = await readFixture('plain-earliest')
  bytes[20] = 1
  const file = await openBytes(bytes)
  expect(file.warnings.map((warning) => warning.code)).toEqual(['W_DIRTY'])
  expect((await file.root()).links).toHaveLength(1)
})

it('refuses a list of free space in an old superblock, as the library does', async () => {
  const bytes = await readFixture('plain-earliest')
  bytes.set(u64(800), 32)
  expect(await expectRefused(bytes, 'E_SUPER')).toContain('free space')
})

it('refuses a superblock with a wrong checksum', async () => {
  const bytes = await readFixture('plain-latest')
  bytes[36] = bytes[36]! ^ 1
  expect(await expectRefused(bytes, 'E_SUPER')).toContain('damaged header')
})

it('refuses superblock versions that do not exist yet', async () => {
  const bytes = await readFixture('plain-latest')
  bytes[8] = 4
  expect(await expectRefused(bytes, 'E_SUPER')).toContain('version 4')
})

it('refuses addresses of other sizes than 8 bytes', async () => {
  const bytes = await readFixture('plain-earliest')
  bytes[13] = 4
  const path = await storeBytes(bytes)
  const error = await expectRejection(FileReader.open(nodeDisk, path), 'E_SUPER')
  expect(error.tag).toBe('Unsupported')
  expect(error.message).toContain('addresses of 4')
})

it('closes the file that it refuses', async () => {
  const path = await storeBytes(new Uint8Array(600))
  const closed: string[] = []
  const disk = {
    ...nodeDisk,
    openForRead: async (name: string): Promise<ReadableFile> => {
      const file = await nodeDisk.openForRead(name)
      const close = async (): Promise<void> => {
        closed.push(name)
        await file.close()
      }
      return {
        path: name,
        size: () => file.size(),
        facts: () => file.facts(),
        readExactly: (into, at) => file.readExactly(into, at),
        close,
      }
    },
  }
  await expectRejection(FileReader.open(disk, path), 'E_MAGIC')
  expect(closed).toEqual([path])
  await writeFile(path, 'still writable')
})
