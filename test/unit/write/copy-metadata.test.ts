import { describe, expect, it } from 'vitest'

import type { Warning } from '../../../src-main/errors.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { NO_SEQUENCE, type Datatype, type RawData } from '../../../src-main/hdf5/model.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import {
  makeFixedTextAttribute,
  makeIntegerAttribute,
  makeTextAttribute,
} from '../../../src-main/hdf5/writing/attributes.ts'
import {
  fixedStringType,
  float64Type,
  integerType,
  variableStringType,
} from '../../../src-main/hdf5/writing/datatypes.ts'
import type { FileWriter, GroupWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { VERSION } from '../../../src-main/version.ts'
import { copyMetadata, type CopyMetadataOptions } from '../../../src-main/write/copy-metadata.ts'
import { HDF5Writer } from '../../../src-main/write/hdf5-writer.ts'
import { lookInto, writeFile } from './file-fixture.ts'

/** Texts as variable-length strings. */
function variableText(...texts: string[]): RawData {
  const bytes = new Uint8Array(16 * texts.length)
  const view = new DataView(bytes.buffer)
  const sequences: Uint8Array[] = []
  texts.forEach((text, row) => {
    const encoded = new TextEncoder().encode(text)
    view.setUint32(16 * row, encoded.length, true)
    view.setUint32(16 * row + 4, encoded.length === 0 ? NO_SEQUENCE : sequences.length, true)
    if (encoded.length > 0) sequences.push(encoded)
  })
  return { bytes, sequences }
}

async function storeVariable(group: GroupWriter, name: string, ...texts: string[]) {
  const made = group.createDataset(name, {
    datatype: variableStringType(),
    shape: [texts.length],
    storage: { kind: 'contiguous' },
  })
  if (texts.length > 0) await made.write(variableText(...texts))
  return made
}

const COMPOUND: Datatype = {
  class: 'compound',
  size: 12,
  members: [
    { name: 'value', offset: 0, type: float64Type() },
    { name: 'count', offset: 8, type: integerType(4, true) },
  ],
}

async function makeSource(h5: FileWriter): Promise<void> {
  h5.root.setAttribute(makeTextAttribute('experiment:sample', 'blood'))
  h5.root.setAttribute(makeIntegerAttribute('experiment:run index', 3))
  const logs = h5.root.requireGroup('logs')
  logs.setAttribute(makeTextAttribute('note', 'kept'))
  const variable = await storeVariable(logs, 'variable', 'µm µm', 'b', '')
  variable.setAttribute(makeFixedTextAttribute('software', 'dcnum 0.31'))
  await storeVariable(logs, 'empty')
  const padded = logs.createDataset('padded', {
    datatype: fixedStringType(8, 'ascii', 'space-padded'),
    shape: [2],
    storage: { kind: 'contiguous' },
  })
  await padded.write({ bytes: new TextEncoder().encode('ab      cde f   '), sequences: [] })
  const scalar = logs.createDataset('scalar', {
    datatype: fixedStringType(4, 'ascii', 'null-terminated'),
    shape: [],
    storage: { kind: 'contiguous' },
  })
  await scalar.write({ bytes: new TextEncoder().encode('xy\0z'), sequences: [] })
  logs.addSoftLink('alias', '/logs/variable')
  const tables = h5.root.requireGroup('tables')
  const table = tables.createDataset('table', {
    datatype: COMPOUND,
    shape: [2],
    storage: { kind: 'contiguous' },
  })
  table.setAttribute(makeTextAttribute('COLOR_value', '#123456'))
  await table.write({ bytes: Uint8Array.from({ length: 24 }, (_, index) => index), sequences: [] })
}

async function copy(options: CopyMetadataOptions = {}, prepare?: (dst: FileWriter) => Promise<unknown>) {
  const warnings: Warning[] = []
  const source = await writeFile(makeSource)
  const target = await writeFile(async (dst) => {
    const src = await FileReader.open(nodeDisk, source)
    try {
      await prepare?.(dst)
      await copyMetadata(src, dst, { reportWarning: (warning) => warnings.push(warning), ...options })
    } finally {
      await src.close()
    }
  })
  return { source, target, warnings }
}

describe('copyMetadata', () => {
  it('copies root attributes, logs and tables with their attributes, and names what is empty', async () => {
    const { target, source, warnings } = await copy()
    await lookInto(target, async (opened) => {
      expect(await opened.attributes('/')).toEqual({
        'experiment:sample': 'blood',
        'experiment:run index': 3,
      })
      expect(await opened.names('/logs')).toEqual(['alias', 'padded', 'scalar', 'variable'])
      expect(await opened.attributes('/logs')).toEqual({ note: 'kept' })
      const table = await opened.dataset('/tables/table')
      expect(table.datatype).toEqual(COMPOUND)
      expect(table.layout).toMatchObject({ kind: 'chunked', chunkShape: [2] })
      expect(table.filters.map(({ id }) => id)).toEqual([32015, 3])
      expect([...(await opened.bytes('/tables/table'))]).toEqual(
        Array.from({ length: 24 }, (_, index) => index),
      )
    })
    expect(warnings).toEqual([
      {
        code: 'W_EMPTY',
        message: '/logs/empty is left out: it is empty',
        path: source,
        object: '/logs/empty',
      },
    ])
  })

  it('leaves the basins of the source where they are', async () => {
    const source = await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5)
      await writer.storeBasin({ name: 'elsewhere', paths: ['/data/elsewhere.rtdc'] })
      await writer.storeLog('acquisition', ['one'])
    })
    const target = await writeFile(async (dst) => {
      const src = await FileReader.open(nodeDisk, source)
      await copyMetadata(src, dst)
      await src.close()
    })
    await lookInto(target, async (opened) => expect(await opened.names('/')).toEqual(['logs']))
  })

  it('makes logs of variable length fixed-length, as long as the longest line in bytes', async () => {
    const { target } = await copy()
    await lookInto(target, async (opened) => {
      const log = await opened.dataset('/logs/variable')
      expect(log.datatype).toEqual(fixedStringType(7, 'utf-8'))
      expect(log.filters.map(({ id }) => id)).toEqual([32015, 3])
      expect(await opened.values('/logs/variable')).toEqual(['µm µm', 'b', ''])
    })
  })

  it('carries logs of fixed length with their width and padding as they are', async () => {
    const { target } = await copy()
    await lookInto(target, async (opened) => {
      const padded = await opened.dataset('/logs/padded')
      expect(padded.datatype).toEqual(fixedStringType(8, 'ascii', 'space-padded'))
      expect(padded.filters.map(({ id }) => id)).toEqual([32015, 3])
      expect(await opened.values('/logs/padded')).toEqual(['ab', 'cde f'])
      expect((await opened.dataset('/logs/scalar')).dataspace).toEqual({ kind: 'scalar' })
      expect(await opened.values('/logs/scalar')).toEqual(['xy'])
    })
  })

  it('appends to the software of what it copied, or does not', async () => {
    const { target } = await copy()
    await lookInto(target, async (opened) => {
      expect(await opened.attributes('/logs/variable')).toEqual({ software: `dcnum 0.31 | weir ${VERSION}` })
      expect(await opened.attributes('/tables/table')).toEqual({
        COLOR_value: '#123456',
        software: `weir ${VERSION}`,
      })
    })
    const { target: unsigned } = await copy({ software: null })
    await lookInto(unsigned, async (opened) => {
      expect(await opened.attributes('/logs/variable')).toEqual({ software: 'dcnum 0.31' })
      expect(await opened.attributes('/tables/table')).toEqual({ COLOR_value: '#123456' })
    })
  })

  it('never replaces what the output has', async () => {
    const { target } = await copy({}, async (dst) => {
      dst.root.setAttribute(makeTextAttribute('experiment:sample', 'mine'))
      await (await HDF5Writer.open(dst)).storeLog('variable', ['mine'])
    })
    await lookInto(target, async (opened) => {
      expect(await opened.attributes('/')).toEqual({ 'experiment:sample': 'mine', 'experiment:run index': 3 })
      expect(await opened.values('/logs/variable')).toEqual(['mine'])
      expect(await opened.attributes('/logs/variable')).toEqual({})
    })
  })

  it('leaves out what it is told to, and uses the filters that it is given', async () => {
    const { target } = await copy({
      attributes: false,
      tables: false,
      dsKwds: { compression: 'gzip', fletcher32: false },
    })
    await lookInto(target, async (opened) => {
      expect(await opened.attributes('/')).toEqual({})
      expect(await opened.names('/')).toEqual(['logs'])
      expect((await opened.dataset('/logs/variable')).filters.map(({ id }) => id)).toEqual([1])
    })
  })

  it('keeps a log variable-length where fixed-length text would be out of all proportion', async () => {
    const warnings: Warning[] = []
    const lines = ['x'.repeat(70_000), ...new Array<string>(1000).fill('y')]
    const source = await writeFile((h5) => storeVariable(h5.root.requireGroup('logs'), 'wild', ...lines))
    const target = await writeFile(async (dst) => {
      const src = await FileReader.open(nodeDisk, source)
      await copyMetadata(src, dst, { software: null, reportWarning: (warning) => warnings.push(warning) })
      await src.close()
    })
    expect(warnings).toMatchObject([{ code: 'W_LOG', object: '/logs/wild' }])
    await lookInto(target, async (opened) => {
      expect((await opened.dataset('/logs/wild')).datatype.class).toBe('variable-string')
      expect(await opened.values('/logs/wild')).toEqual(lines)
    })
  })
})
