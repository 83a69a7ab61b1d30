import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { lookup3 } from '../../../../src-main/hdf5/lookup3.ts'
import { readAttributeValue } from '../../../../src-main/hdf5/reading/attribute-value.ts'
import { DatasetReader } from '../../../../src-main/hdf5/reading/dataset-reader.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import { InlinePool, findDataset, findGroup, openBytes, openFixture } from './reading-fixture.ts'

const folder = new URL('../../../fixtures/odd-objects/', import.meta.url)
/** Of the table of shared messages, within each index of 30 bytes behind the signature. */
const INDEX = { start: 4, bytes: 30, kind: 1, messageTypes: 2, heapAddress: 22 }

async function readOdd(name: string): Promise<Buffer<ArrayBuffer>> {
  return Buffer.from(gunzipSync(await readFile(new URL(`${name}.rtdc.gz`, folder))))
}

function locate(bytes: Buffer, signature: string): number {
  const at = bytes.indexOf(signature)
  expect(at, signature).toBeGreaterThan(0)
  return at
}

/** The file with a change of the table of its one index, under a checksum that fits. */
async function changeTable(change: (index: Buffer) => void): Promise<Buffer<ArrayBuffer>> {
  const bytes = await readOdd('shared-list')
  const table = locate(bytes, 'SMTB')
  const end = table + INDEX.start + INDEX.bytes
  change(bytes.subarray(table + INDEX.start, end))
  bytes.writeUInt32LE(lookup3(bytes, table, end), end)
  return bytes
}

/** The addresses of the fractal heap of the list, which is the first. */
function locateHeap(bytes: Buffer): number {
  return Number(bytes.readBigUInt64LE(locate(bytes, 'SMTB') + INDEX.start + INDEX.heapAddress))
}

it('reads messages that two objects share', async () => {
  const file = await openFixture('shared-messages')
  const { links } = await findGroup(file, '/')
  expect(links.map((link) => link.name)).toEqual(['a', 'b'])
  const values = Array.from({ length: 10 }, (_, index) => 7 * index + 3)
  for (const path of ['/a', '/b']) {
    const dataset = await findDataset(file, path)
    const reader = await DatasetReader.open(file, dataset, { pool: new InlinePool() })
    expect((await reader.readAll()).bytes).toEqual(Uint8Array.from(values))
    const [attribute] = dataset.attributes
    expect(attribute && [attribute.name, readAttributeValue(attribute)]).toEqual(['same', 'text'])
  }
})

it.each(['shared-list', 'shared-tree'])('reads each kind of message: %s', async (name) => {
  const file = await openBytes(await readOdd(name))
  const dataset = await findDataset(file, '/events/userdef5')
  expect(dataset).toMatchObject({
    datatype: { class: 'float', size: 4 },
    dataspace: { shape: [20] },
    filters: [{ id: 1 }],
    fillValue: Uint8Array.from([0, 0, 0x80, 0x3f]),
    refused: [],
  })
  expect(dataset.committedType).toBeUndefined()
  expect((await findDataset(file, '/events/userdef3')).committedType).toBe(
    (await file.find('/committed'))?.address,
  )
  const values = dataset.attributes.map((attribute) => [attribute.name, readAttributeValue(attribute)])
  const texts = Array.from({ length: 12 }, (_, index) => [`shared ${index}`, `text ${index % 3}`])
  expect(Object.fromEntries(values)).toEqual(Object.fromEntries([...texts, ['own', 5]]))
})

it('opens no file whose table of shared messages is damaged, as HDF5', async () => {
  const bytes = await readOdd('shared-list')
  const table = locate(bytes, 'SMTB')
  for (let at = table; at < table + INDEX.start + INDEX.bytes + 4; at += 1) {
    bytes[at]! ^= 0x10
    expect((await expectRejection(openBytes(bytes), 'E_META')).object).toBe('superblock')
    bytes[at]! ^= 0x10
  }
  expect((await findGroup(await openBytes(bytes), '/')).links).toHaveLength(3)
})

it('opens no file whose table of shared messages is of another form', async () => {
  await expectRejection(openBytes(await changeTable((index) => (index[0] = 1))), 'E_META')
  await expectRejection(openBytes(await changeTable((index) => (index[INDEX.kind] = 2))), 'E_META')
})

it('refuses a message whose type has no heap', async () => {
  const withoutSpaces = await changeTable((index) => (index[INDEX.messageTypes]! &= ~(1 << 1)))
  const error = await expectRejection((await openBytes(withoutSpaces)).find('/events/userdef5'), 'E_META')
  expect(error).toMatchObject({ object: '/events/userdef5' })
  const withoutHeap = await changeTable((index) => index.fill(0xff, INDEX.heapAddress, INDEX.heapAddress + 8))
  await expectRejection((await openBytes(withoutHeap)).find('/events/userdef5'), 'E_META')
})

it('keeps an object whose attributes alone are not found', async () => {
  const bytes = await changeTable((index) => (index[INDEX.messageTypes + 1]! &= ~(1 << 4)))
  const { refused } = await findDataset(await openBytes(bytes), '/events/userdef5')
  expect(refused).toMatchObject([{ name: '(attributes)', error: { code: 'E_META' } }])
  const image = await findDataset(await openBytes(bytes), '/events/image')
  expect(image.refused).toMatchObject([{ name: '(attribute)', error: { code: 'E_META' } }])
})

it('names the object where the heap is damaged, in whichever field', async () => {
  const bytes = await readOdd('shared-list')
  const heap = locateHeap(bytes)
  expect(bytes.toString('latin1', heap, heap + 4)).toBe('FRHP')
  // The length of the description of filters (7, 8) among them.
  for (let at = heap; at < heap + 146; at += 1) {
    bytes[at]! ^= 0x01
    const error = await expectRejection((await openBytes(bytes)).find('/events/userdef5'), 'E_META')
    expect(error, `byte ${at - heap}`).toMatchObject({ tag: 'Hdf5Error', object: '/events/userdef5' })
    bytes[at]! ^= 0x01
  }
})
