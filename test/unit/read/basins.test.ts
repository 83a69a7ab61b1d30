import { describe, expect, it } from 'vitest'
import { listInternalFeatures, listUsedBasinmaps, parseBasin } from '../../../src-main/read/basins.ts'
import type { BasinDefinition } from '../../../src-main/read/basins.ts'
import { addBasin, addLines, addScalar, lookInto, writeMeasurement } from './measurement-fixture.ts'

const FILE_BASIN = { type: 'file', format: 'hdf5', paths: ['a.rtdc'] }

function parse(fields: object): BasinDefinition {
  const basin = parseBasin('key', [JSON.stringify(fields)])
  if (typeof basin === 'string') throw new Error(basin)
  return basin
}

describe('a basin definition', () => {
  it('has every field of the format', () => {
    const fields = {
      ...FILE_BASIN,
      name: 'big one',
      description: 'where the images are',
      features: ['image'],
      mapping: 'basinmap3',
      identifier: 'mm-17',
      perishable: true,
    }
    expect(parse(fields)).toMatchObject({ ...fields, key: 'key', urls: [] })
  })

  it('maps row for row and provides all features if it does not say', () => {
    expect(parse(FILE_BASIN)).toMatchObject({
      mapping: 'same',
      features: null,
      identifier: null,
      perishable: false,
    })
    expect(parse({ ...FILE_BASIN, mapping: null, features: null })).toMatchObject({
      mapping: 'same',
      features: null,
    })
  })

  it('has urls if it is remote', () => {
    const remote = parse({ type: 'remote', format: 's3', urls: ['https://host/one'] })
    expect(remote).toMatchObject({ urls: ['https://host/one'], paths: [] })
  })

  it('keeps fields that nobody knows, among them a key of its own', () => {
    expect(parse({ ...FILE_BASIN, key: 'other', colour: 7 })).toMatchObject({
      key: 'key',
      fields: { key: 'other', colour: 7 },
    })
  })

  it.each([
    ['by line breaks, as dcnum does', ['{"type": "file",', '"format": "hdf5"}']],
    [
      'by spaces, as dclab does, also inside a text',
      ['{"type": "file", "format": "hdf5", "name": "two', 'words"}'],
    ],
    ['by nothing, where a word was broken', ['{"type": "file", "format": "hdf5", "perishable": tr', 'ue}']],
  ])('may be joined from lines %s', (_how, lines) => {
    expect(parseBasin('key', lines)).toMatchObject({ type: 'file', format: 'hdf5' })
  })

  it.each([
    [['{"type":'], 'no JSON object'],
    [['[1, 2]'], 'no JSON object'],
    [[], 'no JSON object'],
    [['{"format": "hdf5"}'], "'type' is missing"],
    [['{"type": "file"}'], "'format' is missing"],
    [['{"type": "file", "format": "hdf5", "features": "image"}'], 'lists of texts'],
    [['{"type": "file", "format": "hdf5", "paths": [7]}'], 'lists of texts'],
    [['{"type": "file", "format": "hdf5", "mapping": 7}'], "'mapping' should be a text"],
  ])('%j is none', (lines, reason) => {
    expect(parseBasin('key', lines)).toContain(reason)
  })
})

describe('what basins use', () => {
  it('is each mapping once, sorted', () => {
    const basins = ['basinmap4', 'same', 'basinmap1', 'basinmap4'].map((mapping) =>
      parse({ ...FILE_BASIN, mapping }),
    )
    expect(listUsedBasinmaps(basins)).toEqual(['basinmap1', 'basinmap4'])
  })

  it('is each feature of internal basins once, sorted', () => {
    const internal = { type: 'internal', format: 'h5dataset', paths: ['basin_events'] }
    const basins = [
      parse({ ...internal, features: ['temp', 'bg_med'] }),
      parse({ ...internal, features: ['bg_med'] }),
      parse({ ...FILE_BASIN, features: ['image'] }),
    ]
    expect(listInternalFeatures(basins)).toEqual(['bg_med', 'temp'])
  })
})

describe('the basins of a measurement', () => {
  it('are read with their keys, and what is none is named in a warning', async () => {
    const path = await writeMeasurement({
      fill: async (h5) => {
        await addBasin(h5.root, 'abc', { ...FILE_BASIN, name: 'Größe' })
        await addLines(h5.root, 'basins/broken', ['{"type":'])
        await addScalar(h5.root, 'basins/numbers', [1, 2])
        h5.root.requireGroup('basins/group')
        h5.root.addSoftLink('basins/gone', '/nowhere')
      },
    })
    await lookInto(path, (measurement) => {
      expect(measurement.basins).toMatchObject([{ key: 'abc', name: 'Größe', paths: ['a.rtdc'] }])
      const warned = measurement.warnings
        .filter((warning) => warning.code === 'W_BASIN')
        .map((warning) => warning.object)
      expect(warned).toEqual(['/basins/gone', '/basins/broken', '/basins/group', '/basins/numbers'])
    })
  })
})
