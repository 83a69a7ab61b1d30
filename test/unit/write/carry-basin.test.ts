import { describe, expect, it } from 'vitest'

import { composeBasinText, nameBasin } from '../../../src-main/write/basin-text.ts'
import { carryBasin } from '../../../src-main/write/carry-basin.ts'
import { HDF5Writer } from '../../../src-main/write/hdf5-writer.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { lookInto, writeFile } from './file-fixture.ts'

const remote = {
  description: 'of the lab, ä',
  format: 's3',
  key: '3b4fe3e0',
  name: 'far',
  perishable: true,
  mapping: 'basinmap7',
  type: 'remote',
  urls: ['https://example.com/a', 'https://example.com/b'],
  limits: { tries: 3, wait: [0.5, null, {}], more: [] },
}
const file = { name: 'near', format: 'hdf5', type: 'file', paths: ['a.rtdc'], identifier: null }
const rows = (...numbers: number[]) => fromTypedArray(Int32Array.from(numbers))

/** The definitions of a file that was written this way, by name, as text. */
async function write(fill: (writer: HDF5Writer) => Promise<void>): Promise<Record<string, string>> {
  const path = await writeFile(async (h5) => fill(await HDF5Writer.open(h5)))
  return lookInto(path, async (opened) => {
    const names = (await opened.names('/basins')) ?? []
    const readText = async (name: string): Promise<[string, string]> => {
      const lines = await opened.values(`/basins/${name}`)
      return [name, lines.map(String).join('\n')]
    }
    return Object.fromEntries(await Promise.all(names.map(readText)))
  })
}

describe('carryBasin', () => {
  it('keeps every field in its order and changes only the mapping', async () => {
    const names: string[] = []
    const texts = await write(async (writer) => {
      await writer.storeFeatureChunk('basinmap0', rows(9, 9))
      names.push(await carryBasin(writer, remote, rows(2, 0)))
    })
    const text = composeBasinText({ ...remote, mapping: 'basinmap1' })
    expect(names).toEqual([nameBasin(text)])
    expect(texts).toEqual({ [nameBasin(text)]: text })
    expect(Object.keys(JSON.parse(text) as object)).toEqual(Object.keys(remote))
  })

  it('adds the mapping at the end of a definition without one', async () => {
    const texts = await write(async (writer) => {
      await carryBasin(writer, file, rows(1))
    })
    expect(Object.values(texts)).toEqual([composeBasinText({ ...file, mapping: 'basinmap0' })])
  })

  it.each([undefined, null, 'same'])(
    'keeps the mapping %s of a basin with the same rows',
    async (mapping) => {
      const fields = mapping === undefined ? file : { mapping, ...file }
      const texts = await write(async (writer) => {
        await carryBasin(writer, fields, null)
      })
      expect(Object.values(texts)).toEqual([composeBasinText(fields)])
    },
  )

  it('stores nothing twice that says the same: order of keys, key, mapping by another name', async () => {
    const names: string[] = []
    const texts = await write(async (writer) => {
      names.push(await carryBasin(writer, file, null))
      names.push(await carryBasin(writer, { mapping: 'same', key: 'x', ...file }, null))
      names.push(await carryBasin(writer, { ...file, mapping: null }, null))
      names.push(await carryBasin(writer, remote, rows(4, 5)))
      const { limits } = remote
      const turned = Object.fromEntries(Object.entries({ ...remote, key: 'other' }).reverse())
      const inside = { more: limits.more, wait: limits.wait, tries: limits.tries }
      names.push(
        await carryBasin(
          writer,
          { ...turned, limits: inside, mapping: 'basinmap0' },
          fromTypedArray(BigInt64Array.of(4n, 5n)),
        ),
      )
    })
    expect(new Set(names.slice(0, 3)).size).toBe(1)
    expect(names[4]).toBe(names[3])
    expect(Object.keys(texts)).toHaveLength(2)
  })

  it('knows what storeBasin stored, and the other way round', async () => {
    const texts = await write(async (writer) => {
      const basin = { name: 'b', paths: ['b.rtdc'], identifier: 'id', mapping: rows(1, 2) }
      const stored = await writer.storeBasin(basin)
      const fields = { type: 'file', paths: ['b.rtdc'], name: 'b', identifier: 'id', format: 'hdf5' }
      expect(await carryBasin(writer, { ...fields, description: null }, rows(1, 2))).toBe(stored)
      const carried = await carryBasin(writer, { ...fields, name: 'c', description: null }, rows(1, 2))
      expect(await writer.storeBasin({ ...basin, name: 'c' })).toBe(carried)
    })
    expect(Object.keys(texts)).toHaveLength(2)
  })

  it('tells definitions apart that differ in rows, in the order of paths or in a field', async () => {
    const texts = await write(async (writer) => {
      await carryBasin(writer, file, null)
      await carryBasin(writer, file, rows(1))
      await carryBasin(writer, file, rows(2))
      await carryBasin(writer, { ...file, paths: ['b', 'a'] }, null)
      await carryBasin(writer, { ...file, paths: ['a', 'b'] }, null)
      await carryBasin(writer, { ...file, perishable: false }, null)
    })
    expect(Object.keys(texts)).toHaveLength(6)
  })

  it('refuses a mapping by name without its rows, and what is no mapping', async () => {
    const texts = await write(async (writer) => {
      const error = await expectRejection(carryBasin(writer, remote, null), 'E_USAGE')
      expect(error.message).toContain('"far"')
      expect(error.message).toContain('"basinmap7"')
      await expectRejection(carryBasin(writer, file, fromTypedArray(Float64Array.of(1))), 'E_USAGE')
      await expectRejection(carryBasin(writer, file, fromTypedArray(Int8Array.of(1), [1, 1])), 'E_USAGE')
      expect(writer.h5.root.child('basins')).toBeUndefined()
      await carryBasin(writer, file, null)
    })
    expect(Object.keys(texts)).toHaveLength(1)
  })

  it('refuses an eleventh mapping and writes nothing', async () => {
    await write(async (writer) => {
      for (let number = 0; number < 10; number++) await carryBasin(writer, file, rows(number))
      const error = await expectRejection(carryBasin(writer, file, rows(10)), 'E_BASIN')
      expect(error.path).toBe(writer.h5.path)
      expect(await carryBasin(writer, file, rows(3))).toMatch(/^[0-9a-f]{32}$/)
      expect(writer.events.childNames()).toHaveLength(10)
      expect(writer.h5.root.requireGroup('basins').childNames()).toHaveLength(10)
    })
  })
})
