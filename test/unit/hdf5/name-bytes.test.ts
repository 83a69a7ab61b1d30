import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { compareOddNames, decodeName, encodeName } from '../../../src-main/hdf5/name-bytes.ts'
import { makeIntegerAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { HDF5Writer } from '../../../src-main/write/hdf5-writer.ts'
import { lookInto, writeFile } from '../write/file-fixture.ts'

describe('names', () => {
  it('of any bytes are the same bytes when they are written again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        expect([...encodeName(decodeName(bytes))]).toEqual([...bytes])
      }),
    )
  })

  it('of UTF-8 are read as that, a byte order mark and what lies beyond U+FFFF included', () => {
    for (const name of ['deform', 'µm', '\ufeffx', '😀 face', ''])
      expect(decodeName(new TextEncoder().encode(name))).toBe(name)
  })

  it('that are Latin-1 keep what is ASCII in them', () => {
    expect(decodeName(Uint8Array.of(0x63, 0x61, 0x66, 0xe9))).toBe('caf\udce9')
    expect(compareOddNames('caf\udce9', 'cafz')).toBe(1)
    expect(compareOddNames('a', 'b')).toBeUndefined()
  })

  it('that are no UTF-8 stay what they are in a file, those of many links too', async () => {
    const odd = 'temp \udcb0C'
    const many = Array.from({ length: 1200 }, (_, number) => `${number} \udcb5m`)
    const path = await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5)
      await writer.storeFeatureChunk('deform', fromTypedArray(Float64Array.of(1)))
      h5.root.requireGroup(odd).setAttribute(makeIntegerAttribute(odd, 5))
      for (const name of many) h5.root.requireGroup('many').requireGroup(name)
    })
    await lookInto(path, async (opened) => {
      expect(await opened.names('/')).toContain(odd)
      expect(await opened.attributes(`/${odd}`)).toEqual({ [odd]: 5 })
      expect(new Set(await opened.names('/many'))).toEqual(new Set(many))
    })
  })
})
