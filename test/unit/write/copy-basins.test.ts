import { describe, expect, it } from 'vitest'

import type { Warning } from '../../../src-main/errors.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import type { FileWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { composeBasinText, nameBasin } from '../../../src-main/write/basin-text.ts'
import { carryBasin } from '../../../src-main/write/carry-basin.ts'
import { copyBasins, type CopyBasinsOptions } from '../../../src-main/write/copy-basins.ts'
import { copyFeatures } from '../../../src-main/write/copy-features.ts'
import { HDF5Writer } from '../../../src-main/write/hdf5-writer.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { storeTextLines } from '../../../src-main/write/store-text-lines.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { lookInto, writeFile } from './file-fixture.ts'

const rows = (...numbers: number[]) => fromTypedArray(BigInt64Array.from(numbers, BigInt))
const numbers = (...values: number[]) => fromTypedArray(Float64Array.from(values))
const pixels = fromTypedArray(
  Uint8Array.from({ length: 60 }, (_, i) => i),
  [3, 4, 5],
)
const file = { name: 'near', paths: ['a.rtdc', '/b/a.rtdc'], features: ['deform'], identifier: 'id' }
const remote = {
  type: 'remote',
  format: 's3',
  name: 'far',
  urls: ['https://example.com/a'],
  perishable: true,
}

function writeSource(fill: (writer: HDF5Writer) => Promise<unknown>): Promise<string> {
  return writeFile(async (h5) => fill(await HDF5Writer.open(h5)))
}

/** Stores lines that are a definition of another maker, or none. */
async function storeLines(writer: HDF5Writer, name: string, text: string): Promise<void> {
  const lines = text.split('\n')
  await storeTextLines(writer.h5.root.requireGroup('basins'), name, { lines, dsKwds: {} })
}

async function copyInto(dst: FileWriter, source: string, options?: CopyBasinsOptions): Promise<Warning[]> {
  const warnings: Warning[] = []
  const src = await FileReader.open(nodeDisk, source)
  try {
    await copyBasins(src, dst, { reportWarning: (warning) => warnings.push(warning), ...options })
  } finally {
    await src.close()
  }
  return warnings
}

/** Texts of all definitions, by name. */
async function readTexts(path: string): Promise<Record<string, string>> {
  return lookInto(path, async (opened) => {
    const names = (await opened.names('/basins')) ?? []
    const readText = async (name: string): Promise<[string, string]> => {
      const lines = await opened.values(`/basins/${name}`)
      return [name, lines.map(String).join('\n')]
    }
    return Object.fromEntries(await Promise.all(names.map(readText)))
  })
}

async function storeAllKinds(writer: HDF5Writer): Promise<void> {
  await writer.storeBasin({ ...file, mapping: rows(2, 1, 0) })
  await writer.storeBasin({ name: 'all features', paths: ['c.rtdc'], description: 'dé' })
  await writer.storeBasin({ ...file, name: 'again', mapping: rows(2, 1, 0) })
  const internalData = new Map([
    ['image', pixels],
    ['area_um', numbers(1, 2, 3)],
  ])
  await writer.storeBasin({ name: 'inside', internalData, mapping: rows(0, 0, 2) })
  await carryBasin(writer, remote, rows(1, 1, 1))
}

describe('copyBasins', () => {
  it('copies definitions of every kind with texts and names, mappings and internal data', async () => {
    const source = await writeSource(storeAllKinds)
    const target = await writeFile(async (dst) => {
      // So that mappings have the numbers that they have in the source, whatever the order of the names.
      const src = await FileReader.open(nodeDisk, source)
      await copyFeatures(src, dst, ['basinmap0', 'basinmap1', 'basinmap2'])
      await src.close()
      expect(await copyInto(dst, source)).toEqual([])
    })
    expect(await readTexts(target)).toEqual(await readTexts(source))
    await lookInto(target, async (opened) => {
      expect(await opened.names('/events')).toEqual(['basinmap0', 'basinmap1', 'basinmap2'])
      expect(await opened.bytes('/basin_events/image')).toEqual(pixels.bytes)
      expect(await opened.attributes('/basin_events/image')).toMatchObject({ CLASS: 'IMAGE' })
      expect(await opened.values('/basin_events/area_um')).toEqual([1, 2, 3])
    })
  })

  it('finds free mappings beside those of the output and uses equal ones again', async () => {
    const source = await writeSource((writer) => writer.storeBasin({ ...file, mapping: rows(2, 1, 0) }))
    const target = await writeFile(async (dst) => {
      const writer = await HDF5Writer.open(dst)
      await writer.storeFeatureChunk('basinmap0', rows(9, 9, 9))
      await writer.storeFeatureChunk('basinmap1', fromTypedArray(Uint8Array.of(2, 1, 0)))
      await copyInto(dst, source)
    })
    await lookInto(target, async (opened) =>
      expect(await opened.names('/events')).toEqual(['basinmap0', 'basinmap1']),
    )
    const [text] = Object.values(await readTexts(target))
    expect(JSON.parse(text ?? '')).toMatchObject({ mapping: 'basinmap1' })
  })

  it('leaves internal basins out where they are not asked for', async () => {
    const source = await writeSource(storeAllKinds)
    const target = await writeFile((dst) => copyInto(dst, source, { internalBasins: false }))
    const types = Object.values(await readTexts(target)).map(
      (text) => (JSON.parse(text) as { type: string }).type,
    )
    expect(types.toSorted()).toEqual(['file', 'file', 'file', 'remote'])
    await lookInto(target, async (opened) => {
      expect(await opened.names('/basin_events')).toBeUndefined()
      expect(await opened.names('/events')).toHaveLength(2)
    })
  })

  it('doubles nothing when it is done again, nor what another maker wrote in another order', async () => {
    const dclab = {
      description: null,
      features: ['deform'],
      format: 'hdf5',
      identifier: 'id',
      key: '5f0b1a',
      mapping: 'same',
      name: 'near',
      paths: ['a.rtdc', '/b/a.rtdc'],
      perishable: false,
      type: 'file',
    }
    const byDclab = await writeSource((writer) => storeLines(writer, 'abc', JSON.stringify(dclab, null, 2)))
    const byDcnum = await writeSource(async (writer) => {
      await writer.storeBasin(file)
      await storeAllKinds(writer)
    })
    const target = await writeFile(async (dst) => {
      for (const source of [byDclab, byDcnum, byDclab, byDcnum]) await copyInto(dst, source)
    })
    expect(Object.keys(await readTexts(target))).toHaveLength(6)
    const { description, name, format, paths, type, identifier, features } = dclab
    const text = composeBasinText({ description, name, format, paths, type, identifier, features })
    expect(await readTexts(target)).toHaveProperty(nameBasin(text), text)
  })

  it('keeps what storeBasin cannot write: other fields, numbers, an empty list of features', async () => {
    const strange =
      '{\n  "type": "file",\n  "format": "hdf5",\n  "name": "s",\n  "paths": [],\n  "scale": 1.0,\n  "id": 12345678901234567890\n}'
    const empty = { description: null, features: [], format: 'hdf5', name: 'e', paths: ['x'], type: 'file' }
    const source = await writeSource(async (writer) => {
      await storeLines(writer, 'a', strange)
      await storeLines(writer, 'b', JSON.stringify(empty))
      await storeLines(writer, 'c', JSON.stringify({ ...empty, features: ['deform'], perishable: true }))
      await storeLines(writer, 'd', JSON.stringify({ ...empty, features: ['deform'], format: 'odd' }))
      await storeLines(writer, 'e', JSON.stringify({ ...empty, features: ['deform'], identifier: 5 }))
    })
    const target = await writeFile(async (dst) => expect(await copyInto(dst, source)).toEqual([]))
    const texts = Object.values(await readTexts(target))
    expect(texts.toSorted()).toEqual(
      [
        strange,
        composeBasinText(empty),
        composeBasinText({ ...empty, features: ['deform'], perishable: true }),
        composeBasinText({ ...empty, features: ['deform'], format: 'odd' }),
        composeBasinText({ ...empty, features: ['deform'], identifier: 5 }),
      ].toSorted(),
    )
  })

  it('copies all data of an internal basin that lists no features', async () => {
    const fields = { type: 'internal', format: 'h5dataset', name: 'i', paths: ['basin_events'] }
    const source = await writeSource(async (writer) => {
      await storeLines(writer, 'a', JSON.stringify(fields))
      await writer.storeFeatureChunk('deform', numbers(1, 2), 'basin_events')
    })
    const target = await writeFile((dst) => copyInto(dst, source))
    expect(Object.values(await readTexts(target))).toEqual([composeBasinText(fields)])
    await lookInto(target, async (opened) =>
      expect(await opened.values('/basin_events/deform')).toEqual([1, 2]),
    )
  })

  it('reports what cannot be understood, and copies the rest', async () => {
    const source = await writeSource(async (writer) => {
      await writer.storeBasin(file)
      const base = { type: 'file', format: 'hdf5', name: 'x', paths: ['x'] }
      const inside = { type: 'internal', format: 'h5dataset', name: 'i', paths: ['basin_events'] }
      await storeLines(writer, 'no-json', 'nothing')
      await storeLines(writer, 'map-missing', JSON.stringify({ ...base, mapping: 'basinmap3' }))
      await storeLines(writer, 'map-float', JSON.stringify({ ...base, mapping: 'basinmap4' }))
      await storeLines(writer, 'map-group', JSON.stringify({ ...base, mapping: 'basinmap5' }))
      await storeLines(writer, 'elsewhere', JSON.stringify({ ...inside, paths: ['other'], features: ['a'] }))
      await storeLines(writer, 'without-data', JSON.stringify({ ...inside, features: ['deform', 'trace'] }))
      await writer.storeFeatureChunk('basinmap4', numbers(1))
      writer.events.requireGroup('basinmap5')
      await writer.storeFeatureChunk('trace/fl1_raw', rows(1), 'basin_events')
    })
    const target = await writeFile(async (dst) => {
      const warnings = await copyInto(dst, source)
      expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(['W_BASIN']))
      expect(warnings.map(({ object }) => object).toSorted()).toEqual(
        ['elsewhere', 'map-float', 'map-group', 'map-missing', 'no-json', 'without-data', 'without-data'].map(
          (name) => `/basins/${name}`,
        ),
      )
      const messages = warnings.map(({ message }) => message).join('\n')
      expect(messages).toContain('its mapping /events/basinmap3 is missing')
      expect(messages).toContain('its mapping /events/basinmap4 holds')
      expect(messages).toContain('its mapping /events/basinmap5 is no dataset')
      expect(messages).toContain('/basin_events/deform is missing')
      expect(messages).toContain('/basin_events/trace is no dataset')
    })
    const names = Object.values(await readTexts(target)).map(
      (text) => (JSON.parse(text) as { name: string }).name,
    )
    expect(names.toSorted()).toEqual(['i', 'near'])
  })

  it('skips equal internal data and refuses others, before anything is written', async () => {
    const source = await writeSource(storeAllKinds)
    await writeFile(async (dst) => {
      const writer = await HDF5Writer.open(dst)
      await writer.storeFeatureChunk('image', pixels, 'basin_events')
      await copyInto(dst, source)
      await copyInto(dst, source)
      expect(writer.h5.root.requireGroup('basin_events').childNames()).toEqual(['image', 'area_um'])
    })
    const other = fromTypedArray(
      pixels.bytes.map((value) => value + 1),
      [3, 4, 5],
    )
    for (const [feat, data] of [
      ['image', other],
      ['area_um', numbers(1, 2)],
      ['area_um', fromTypedArray(Float32Array.of(1, 2, 3))],
    ] as const) {
      await writeFile(async (dst) => {
        const writer = await HDF5Writer.open(dst)
        await writer.storeFeatureChunk(feat, data, 'basin_events')
        const error = await expectRejection(copyInto(dst, source), 'E_EXISTS')
        expect(error).toMatchObject({ path: dst.path, object: `/basin_events/${feat}` })
        expect(dst.root.child('basins')).toBeUndefined()
        expect(writer.events.childNames()).toEqual([])
        expect(await copyInto(dst, source, { internalBasins: false })).toEqual([])
      })
    }
  })

  it('refuses more mappings than are free, before anything is written', async () => {
    const source = await writeSource(async (writer) => {
      for (let number = 0; number < 5; number++) {
        await writer.storeBasin({ ...file, mapping: rows(number), name: `${number}` })
        await writer.storeBasin({ ...file, mapping: rows(number), name: `${number} again` })
      }
    })
    const fillMappings = async (dst: FileWriter, count: number) => {
      const writer = await HDF5Writer.open(dst)
      for (let number = 0; number < count; number++) {
        await writer.storeFeatureChunk(`basinmap${number}`, rows(number + 3))
      }
    }
    await writeFile(async (dst) => {
      await fillMappings(dst, 8)
      const error = await expectRejection(copyInto(dst, source), 'E_BASIN')
      expect(error).toMatchObject({ path: dst.path, object: '/events' })
      expect(dst.root.child('basins')).toBeUndefined()
      expect(dst.root.requireGroup('events').childNames()).toHaveLength(8)
    })
    const target = await writeFile(async (dst) => {
      await fillMappings(dst, 7)
      await copyInto(dst, source)
    })
    await lookInto(target, async (opened) => expect(await opened.names('/events')).toHaveLength(10))
    expect(Object.keys(await readTexts(target))).toHaveLength(10)
  })

  it('does nothing for a file without basins', async () => {
    const source = await writeSource((writer) => writer.storeFeatureChunk('deform', numbers(1)))
    const target = await writeFile(async (dst) => expect(await copyInto(dst, source)).toEqual([]))
    await lookInto(target, async (opened) => expect(await opened.names('/basins')).toBeUndefined())
  })

  it('stops when it is cancelled', async () => {
    const source = await writeSource(storeAllKinds)
    await writeFile(async (dst) => {
      await expectRejection(copyInto(dst, source, { signal: AbortSignal.abort() }), 'E_CANCELLED')
    })
  })
})
