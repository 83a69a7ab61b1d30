import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import { makeIntegerAttribute } from '../../../../src-main/hdf5/writing/attributes.ts'
import { integerType } from '../../../../src-main/hdf5/writing/datatypes.ts'
import { FileWriter } from '../../../../src-main/hdf5/writing/file-writer.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'
import { createInlinePool } from './inline-pool.ts'

const pool = createInlinePool()
const ATTRIBUTE_INFO = 0x15
/** pyfive 1.3.0 reads so much of an Attribute Info message, whatever its length. */
const PYFIVE_READS = 28

interface Message {
  readonly type: number
  /** From the start of its body to the end of the header's messages. */
  readonly bytesToEnd: number
}

/** The messages of every version 2 object header of a file. */
async function listHeaders(path: string): Promise<Message[][]> {
  const bytes = await readFile(path)
  const headers: Message[][] = []
  for (let start = bytes.indexOf('OHDR'); start >= 0; start = bytes.indexOf('OHDR', start + 4)) {
    const end = start + 10 + bytes.readUInt32LE(start + 6)
    const messages: Message[] = []
    for (let offset = start + 10; offset < end; offset += 4 + bytes.readUInt16LE(offset + 1)) {
      messages.push({ type: bytes[offset]!, bytesToEnd: end - offset - 4 })
    }
    headers.push(messages)
  }
  return headers
}

async function writeObjects(path: string): Promise<void> {
  const file = await FileWriter.create(nodeDisk, path, { pool })
  const datatype = integerType(4, true)
  file.root.requireGroup('empty')
  const many = file.root.requireGroup('many')
  for (let i = 0; i < 300; i += 1) {
    many.createDataset(String(i), { datatype, shape: [0], storage: { kind: 'contiguous' } })
  }
  const chunked = { kind: 'chunked', chunkShape: [2], filters: [] } as const
  const twice = file.root.createDataset('twice', { datatype, shape: [0], storage: chunked })
  file.root.addHardLink('again', twice)
  const named = file.root.createDataset('named', { datatype, shape: [], storage: { kind: 'contiguous' } })
  named.setAttribute(makeIntegerAttribute('one', 1))
  file.root.createDataset('nothing', { datatype, shape: null, storage: { kind: 'contiguous' } })
  await file.finish()
  await file.close()
}

describe('headers', () => {
  test('Attribute Info is followed by as much as pyfive reads of it, in groups and datasets of every kind', async () => {
    const path = join(await makeTemporaryFolder(), 'headers.h5')
    await writeObjects(path)
    const headers = await listHeaders(path)
    expect(headers).toHaveLength(306)
    for (const messages of headers) {
      expect(messages.filter(({ type }) => type === ATTRIBUTE_INFO)).toHaveLength(1)
      expect(messages.at(-1)!.type).not.toBe(ATTRIBUTE_INFO)
      const info = messages.find(({ type }) => type === ATTRIBUTE_INFO)!
      expect(info.bytesToEnd).toBeGreaterThanOrEqual(PYFIVE_READS)
    }
  })
})
