import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unzip } from '../../../scripts/setup/unzip.mjs'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-unzip-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A zip archive as the format's document describes it; every second entry is stored, the others are deflated. */
function makeArchive(entries) {
  const parts = []
  const directory = []
  let offset = 0
  entries.forEach(({ name, text, mode = 0o644 }, index) => {
    const content = index % 2 === 0 ? deflateRawSync(text) : Buffer.from(text)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(Buffer.byteLength(name), 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(index % 2 === 0 ? 8 : 0, 10)
    central.writeUInt32LE(content.length, 20)
    central.writeUInt32LE(text.length, 24)
    central.writeUInt16LE(Buffer.byteLength(name), 28)
    central.writeUInt32LE(((0o100000 | mode) << 16) >>> 0, 38)
    central.writeUInt32LE(offset, 42)
    parts.push(local, Buffer.from(name), content)
    directory.push(central, Buffer.from(name))
    offset += local.length + Buffer.byteLength(name) + content.length
  })
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...directory, end])
}

async function unpack(entries, rename = (name) => name) {
  const archive = join(folder, 'archive.zip')
  await writeFile(archive, makeArchive(entries))
  await unzip(archive, join(folder, 'out'), rename)
}

test('unpacks deflated and stored entries with their permissions', async () => {
  await unpack([
    { name: 'top/program', text: 'run me', mode: 0o755 },
    { name: 'top/data/file', text: 'read me' },
  ])
  expect(await readFile(join(folder, 'out/top/program'), 'utf8')).toBe('run me')
  expect(await readFile(join(folder, 'out/top/data/file'), 'utf8')).toBe('read me')
  expect((await stat(join(folder, 'out/top/program'))).mode & 0o777).toBe(0o755)
})

test('renames entries and leaves out those without a new name', async () => {
  await unpack(
    [
      { name: 'Old', text: 'kept' },
      { name: 'Unwanted', text: 'left out' },
    ],
    (name) => (name === 'Old' ? 'new' : undefined),
  )
  expect(await readFile(join(folder, 'out/new'), 'utf8')).toBe('kept')
  await expect(stat(join(folder, 'out/Unwanted'))).rejects.toThrow('ENOENT')
})

test('refuses an entry that leads out of the folder', async () => {
  await expect(unpack([{ name: '../outside', text: 'x' }])).rejects.toThrow('leads out of its folder')
  await expect(stat(join(folder, 'outside'))).rejects.toThrow('ENOENT')
})

test('refuses what is no zip archive', async () => {
  const archive = join(folder, 'archive.zip')
  await writeFile(archive, 'x'.repeat(1000))
  await expect(unzip(archive, folder, (name) => name)).rejects.toThrow('not a zip archive')
})
