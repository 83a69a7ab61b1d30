import { expect, it } from 'vitest'
import { lookup3 } from '../../../../src-main/hdf5/lookup3.ts'
import { readChunkTable } from '../../../../src-main/hdf5/reading/chunk-table.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import { findDataset, openBytes, readFixture } from './reading-fixture.ts'

/** Spec: behind signature, version and kind of elements, each block of a chunk index names the header of its index. */
const OWNER = 6
/** Of an extensible array's header: signature, parameters and six counts, then where its index block lies. */
const INDEX_BLOCK = 12 + 6 * 8
const HEADER_BYTES = INDEX_BLOCK + 8

/** Writes the checksum of a block anew that fits before `change`, however long the block is. */
function changeChecked(bytes: Uint8Array, start: number, change: (view: DataView) => void): void {
  const view = new DataView(bytes.buffer)
  let end = start + OWNER + 8
  while (lookup3(bytes, start, end) !== view.getUint32(end, true)) end += 1
  change(view)
  view.setUint32(end, lookup3(bytes, start, end), true)
}

async function addressOfIndex(bytes: Uint8Array, name: string): Promise<number> {
  const { layout } = await findDataset(await openBytes(bytes), name)
  if (layout.kind !== 'chunked' || layout.index.address === null) throw new Error(`${name} has no index`)
  return layout.index.address
}

async function expectForeign(bytes: Uint8Array, name: string): Promise<void> {
  const file = await openBytes(bytes)
  const reading = readChunkTable(file, await findDataset(file, name))
  expect((await expectRejection(reading, 'E_META')).message).toContain('belongs to the index at')
}

it.each([
  ['extensible', 'EAIB'],
  ['extensible', 'EADB'],
  ['extensible_filtered', 'EAIB'],
  ['fixed', 'FADB'],
  ['fixed_filtered', 'FADB'],
])('refuses a block of %s (%s) that names another index, although its checksum fits', async (name, kind) => {
  const bytes = await readFixture('indexes-latest')
  const header = await addressOfIndex(bytes, name)
  const other = await addressOfIndex(bytes, 'extensible_inner')
  const blocks = findBlocks(bytes, kind, header)
  expect(blocks).not.toEqual([])
  for (const start of blocks)
    changeChecked(bytes, start, (view) => view.setBigUint64(start + OWNER, BigInt(other), true))
  await expectForeign(bytes, name)
})

function findBlocks(bytes: Uint8Array, kind: string, owner: number): number[] {
  const file = Buffer.from(bytes.buffer)
  const found: number[] = []
  for (let at = file.indexOf(kind); at >= 0; at = file.indexOf(kind, at + 1))
    if (Number(file.readBigUInt64LE(at + OWNER)) === owner) found.push(at)
  return found
}

it('refuses the blocks of two datasets that are exchanged, although every checksum fits', async () => {
  const bytes = await readFixture('indexes-latest')
  const names = ['extensible', 'extensible_inner']
  const [one, two] = [await addressOfIndex(bytes, names[0]!), await addressOfIndex(bytes, names[1]!)]
  const kept = new DataView(bytes.slice().buffer)
  for (const [to, from] of [
    [one, two],
    [two, one],
  ] as const)
    changeChecked(bytes, to, (view) =>
      view.setBigUint64(to + INDEX_BLOCK, kept.getBigUint64(from + INDEX_BLOCK, true), true),
    )
  for (const start of [one, two])
    expect(lookup3(bytes, start, start + HEADER_BYTES)).toBe(
      new DataView(bytes.buffer).getUint32(start + HEADER_BYTES, true),
    )
  for (const name of names) await expectForeign(bytes, name)
})
