// Unpacks a zip archive (deflated or stored entries, no zip64): enough for the archive that the set-up knows.
import { chmod, mkdir, open, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { Refusal } from '../project.mjs'

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const symbolicLinkMode = 0o120000

/**
 * Unpacks the entries that `rename` gives a path for, relative to `folder`; undefined leaves the entry out.
 * @param {string} archive
 * @param {string} folder
 * @param {(name: string) => string | undefined} rename
 */
export async function unzip(archive, folder, rename) {
  const file = await open(archive)
  try {
    const { size } = await file.stat()
    for (const entry of await readDirectory(file, size)) {
      const path = entry.name.endsWith('/') ? undefined : rename(entry.name)
      if (path !== undefined) await unpackEntry(file, entry, joinInside(folder, path))
    }
  } finally {
    await file.close()
  }
}

async function readDirectory(file, size) {
  const tail = await readPart(file, Math.max(0, size - 65_557), Math.min(size, 65_557))
  let position = tail.length - 22
  while (position >= 0 && tail.readUInt32LE(position) !== endSignature) position -= 1
  if (position < 0) throw new Refusal('not a zip archive: its end record is missing')
  const directory = await readPart(file, tail.readUInt32LE(position + 16), tail.readUInt32LE(position + 12))
  return parseDirectory(directory, tail.readUInt16LE(position + 10))
}

function parseDirectory(directory, count) {
  const entries = []
  for (let position = 0; entries.length < count;) {
    if (directory.readUInt32LE(position) !== entrySignature) throw new Refusal('damaged zip archive')
    const nameBytes = directory.readUInt16LE(position + 28)
    entries.push({
      method: directory.readUInt16LE(position + 10),
      storedBytes: directory.readUInt32LE(position + 20),
      mode: directory.readUInt32LE(position + 38) >>> 16,
      offset: directory.readUInt32LE(position + 42),
      name: directory.toString('utf8', position + 46, position + 46 + nameBytes),
    })
    position += 46 + nameBytes + directory.readUInt16LE(position + 30) + directory.readUInt16LE(position + 32)
  }
  return entries
}

async function unpackEntry(file, entry, path) {
  const header = await readPart(file, entry.offset, 30)
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const stored = await readPart(file, start, entry.storedBytes)
  const content = entry.method === 0 ? stored : inflateRawSync(stored)
  await mkdir(dirname(path), { recursive: true })
  if ((entry.mode & 0o170000) === symbolicLinkMode) return symlink(content.toString('utf8'), path)
  await writeFile(path, content)
  await chmod(path, entry.mode & 0o777 || 0o644)
}

function joinInside(folder, path) {
  const joined = join(folder, path)
  if (relative(folder, joined).startsWith('..'))
    throw new Refusal(`zip entry ${path} leads out of its folder`)
  return joined
}

async function readPart(file, position, length) {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  if (bytesRead !== length) throw new Refusal('zip archive ends too early')
  return buffer
}
