import { describe, expect, it } from 'vitest'

import { composeBasinText, nameBasin } from '../../../src-main/write/basin-text.ts'
import { HDF5Writer } from '../../../src-main/write/hdf5-writer.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import type { BasinToStore } from '../../../src-main/write/store-basin.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { lookInto, writeFile } from './file-fixture.ts'

const mapping = (...rows: number[]) => fromTypedArray(BigUint64Array.from(rows, BigInt))

const mapped: BasinToStore = {
  name: 'näme',
  paths: ['/a/b', 'c'],
  features: ['deform', 'area_um'],
  description: 'd\x7f\u2028😀',
  mapping: mapping(3, 1, 2),
  identifier: 'id',
}

describe('storeBasin', () => {
  it('names basins as dcnum 0.31 does and writes the same lines', async () => {
    const names: string[] = []
    const path = await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5)
      names.push(await writer.storeBasin(mapped))
      const internalData = new Map([
        ['z', fromTypedArray(Float64Array.of(0, 1))],
        ['a', fromTypedArray(Float64Array.of(2, 3))],
      ])
      names.push(await writer.storeBasin({ name: 'int', internalData, mapping: mapping(3, 1, 2) }))
      names.push(await writer.storeBasin({ name: 'empty', paths: [] }))
      expect(await writer.storeBasin({ name: 'empty', paths: [] })).toBe(names[2])
    })
    // The names that dcnum 0.31 gave to the same basins.
    expect(names).toEqual([
      '6e06b788bef952228038e36c556dd10f',
      '1feff4c9e768ec64e3b6ddccc02ff1f6',
      'eae908db9735252d329f07949431cd8c',
    ])
    await lookInto(path, async (opened) => {
      expect(await opened.names('/basins')).toEqual([...names].sort())
      expect(await opened.names('/events')).toEqual(['basinmap0'])
      expect(await opened.values('/events/basinmap0')).toEqual([3, 1, 2])
      expect(await opened.names('/basin_events')).toEqual(['a', 'z'])
      const lines = await opened.values(`/basins/${names[0]}`)
      expect(JSON.parse(lines.map(String).join('\n'))).toEqual({
        description: mapped.description,
        name: mapped.name,
        format: 'hdf5',
        paths: ['/a/b', 'c'],
        type: 'file',
        identifier: 'id',
        features: ['deform', 'area_um'],
        mapping: 'basinmap0',
      })
      expect((await opened.dataset(`/basins/${names[0]}`)).datatype).toMatchObject({
        size: 45,
        charset: 'ascii',
      })
    })
  })

  it('escapes whatever is not printable ASCII', () => {
    expect(composeBasinText({ name: '\x7f~é\n', paths: [] })).toBe(
      '{\n  "name": "\\u007f~\\u00e9\\n",\n  "paths": []\n}',
    )
    expect(nameBasin('{}')).toBe('99914b932bd37a50b983c5e7c90ae93b')
  })

  it('uses an equal mapping again, whatever its integer type, and the next number for another', async () => {
    const path = await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5)
      await writer.storeBasin(mapped)
      const again = await HDF5Writer.open(h5)
      await again.storeBasin({ ...mapped, name: 'b', mapping: fromTypedArray(Int32Array.of(3, 1, 2)) })
      await again.storeBasin({ ...mapped, name: 'c', mapping: mapping(3, 1) })
      await again.storeBasin({ ...mapped, name: 'd', mapping: fromTypedArray(Int32Array.of(3, 1, -2)) })
    })
    await lookInto(path, async (opened) => {
      expect(await opened.names('/events')).toEqual(['basinmap0', 'basinmap1', 'basinmap2'])
    })
  })

  it('refuses an eleventh mapping and writes nothing of its basin', async () => {
    const path = await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5)
      for (let number = 0; number < 10; number++)
        await writer.storeBasin({ ...mapped, mapping: mapping(number) })
      const internalData = new Map([['deform', fromTypedArray(Float64Array.of(1))]])
      await expectRejection(writer.storeBasin({ name: 'x', internalData, mapping: mapping(10) }), 'E_BASIN')
    })
    await lookInto(path, async (opened) => {
      expect(await opened.names('/basin_events')).toEqual([])
      expect(await opened.names('/basins')).toHaveLength(10)
    })
  })

  it('refuses arguments that exclude each other', async () => {
    await writeFile(async (h5) => {
      const warnings: string[] = []
      const logger = {
        info: () => undefined,
        error: () => undefined,
        warning: (text: string) => warnings.push(text),
      }
      const writer = await HDF5Writer.open(h5, { logger })
      const internalData = new Map([['deform', fromTypedArray(Float64Array.of(1))]])
      await expectRejection(writer.storeBasin({ name: 'x' }), 'E_USAGE')
      await expectRejection(writer.storeBasin({ name: 'x', internalData, features: ['deform'] }), 'E_USAGE')
      await expectRejection(writer.storeBasin({ name: 'x', internalData, paths: ['a'] }), 'E_USAGE')
      await expectRejection(
        writer.storeBasin({ ...mapped, mapping: fromTypedArray(Float64Array.of(1)) }),
        'E_USAGE',
      )
      await writer.storeBasin({ name: 'x', internalData, identifier: 'id' })
      expect(warnings).toEqual([expect.stringContaining('identifier id of the internal basin "x"')])
      const error = await expectRejection(writer.storeBasin({ name: 'y', internalData }), 'E_EXISTS')
      expect(error.object).toBe('/basin_events/deform')
    })
  })
})
