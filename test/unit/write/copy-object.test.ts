import { describe, expect, it } from 'vitest'

import type { Warning } from '../../../src-main/errors.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { NO_SEQUENCE, type Datatype } from '../../../src-main/hdf5/model.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import type { StoredDataset, StoredGroup } from '../../../src-main/hdf5/reading/stored-object.ts'
import { makeIntegerAttribute, makeTextAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { float64Type, integerType, variableStringType } from '../../../src-main/hdf5/writing/datatypes.ts'
import type { FileWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { CopiedObjects } from '../../../src-main/write/copied-objects.ts'
import { copyAttributes } from '../../../src-main/write/copy-attributes.ts'
import { isCopyable } from '../../../src-main/write/copy-dataset.ts'
import { copyTree, type CopyTreeOptions } from '../../../src-main/write/copy-object.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { getPool, lookInto, writeFile } from './file-fixture.ts'

const CONTIGUOUS = { kind: 'contiguous' } as const
const REFERENCE: Datatype = { class: 'reference', size: 8, target: 'object' }

/** Copies group `/other` of a source; `change` may put into the group what our writer cannot write. */
async function copyOther(
  fill: (source: FileWriter) => unknown,
  options: {
    readonly change?: (group: StoredGroup) => StoredGroup
    readonly tree?: Partial<CopyTreeOptions>
  } = {},
) {
  const warnings: Warning[] = []
  const source = await writeFile(fill)
  const target = await writeFile(async (dst) => {
    const src = await FileReader.open(nodeDisk, source)
    try {
      const group = await src.find('/other')
      if (group?.kind !== 'group') throw new Error('no group')
      await copyTree(src, options.change?.(group) ?? group, dst.root.requireGroup('other'), {
        pool: getPool(),
        reportWarning: (warning) => warnings.push(warning),
        ...options.tree,
      })
    } finally {
      await src.close()
    }
  })
  return { source, target, warnings }
}

describe('copyTree', () => {
  it('carries nested groups, attributes and datasets of every layout', async () => {
    const { target, warnings } = await copyOther(async (h5) => {
      const other = h5.root.requireGroup('other')
      other.setAttribute(makeIntegerAttribute('answer', 42))
      const deep = other.requireGroup('a/b/c')
      deep.setAttribute(makeTextAttribute('unit', 'µm'))
      other.requireGroup('nothing')
      await deep
        .createDataset('scalar', { datatype: float64Type(), shape: [], storage: CONTIGUOUS })
        .append(new Uint8Array(8).fill(1))
      other.createDataset('null', { datatype: float64Type(), shape: null, storage: CONTIGUOUS })
      other.createDataset('flat', { datatype: float64Type(), shape: [3, 0], storage: CONTIGUOUS })
      const chunked = { kind: 'chunked', chunkShape: [4, 3], filters: [] } as const
      other.createDataset('empty', {
        datatype: float64Type(),
        shape: [0, 6],
        maxShape: [null, 6],
        storage: chunked,
      })
      const grid = other.createDataset('grid', {
        datatype: integerType(1, false),
        shape: [5, 7],
        maxShape: [null, 9],
        storage: chunked,
      })
      await grid.append(Uint8Array.from({ length: 35 }, (_, index) => index))
    })
    expect(warnings).toEqual([])
    await lookInto(target, async (opened) => {
      expect(await opened.attributes('/other')).toEqual({ answer: 42 })
      expect(await opened.attributes('/other/a/b/c')).toEqual({ unit: 'µm' })
      expect(await opened.names('/other/nothing')).toEqual([])
      expect((await opened.dataset('/other/a/b/c/scalar')).dataspace.kind).toBe('scalar')
      expect([...(await opened.bytes('/other/a/b/c/scalar'))]).toEqual(new Array(8).fill(1))
      expect((await opened.dataset('/other/null')).dataspace.kind).toBe('null')
      expect((await opened.dataset('/other/flat')).dataspace).toMatchObject({ shape: [3, 0] })
      const empty = await opened.dataset('/other/empty')
      expect(empty.dataspace).toMatchObject({ shape: [0, 6], maxShape: [null, 6] })
      const grid = await opened.dataset('/other/grid')
      expect(grid.dataspace).toMatchObject({ shape: [5, 7], maxShape: [null, 9] })
      expect(grid.layout).toMatchObject({ kind: 'chunked', chunkShape: [4, 3] })
      expect(grid.filters.map(({ id }) => id)).toEqual([32015, 3])
      expect(await opened.values('/other/grid')).toEqual(Array.from({ length: 35 }, (_, index) => index))
    })
  })

  it('gives variable-length data no filters, chunked or not', async () => {
    const bytes = new Uint8Array(32)
    new DataView(bytes.buffer).setUint32(0, 2, true)
    new DataView(bytes.buffer).setUint32(20, NO_SEQUENCE, true)
    const data = { bytes, sequences: [Uint8Array.of(0x68, 0x69)] }
    const { target } = await copyOther(async (h5) => {
      const other = h5.root.requireGroup('other')
      const storage = { kind: 'chunked', chunkShape: [1], filters: [] } as const
      const datatype = variableStringType()
      await other.createDataset('chunked', { datatype, shape: [2], maxShape: [null], storage }).write(data)
      await other.createDataset('contiguous', { datatype, shape: [2], storage: CONTIGUOUS }).write(data)
    })
    await lookInto(target, async (opened) => {
      expect(await opened.values('/other/chunked')).toEqual(['hi', ''])
      expect(await opened.values('/other/contiguous')).toEqual(['hi', ''])
      const chunked = await opened.dataset('/other/chunked')
      expect([chunked.layout.kind, chunked.filters, chunked.dataspace]).toMatchObject([
        'chunked',
        [],
        { maxShape: [null] },
      ])
    })
  })

  it('copies large datasets in slabs, whether contiguous or chunked', async () => {
    const rows = 1_100_000
    const bytes = new Uint8Array(rows * 12).map((_, index) => (index * 31) >> 5)
    const { target } = await copyOther(async (h5) => {
      const other = h5.root.requireGroup('other')
      const shape = [rows, 3]
      await other
        .createDataset('flat', { datatype: integerType(4, true), shape, storage: CONTIGUOUS })
        .append(bytes)
      const storage = { kind: 'chunked', chunkShape: [70_001, 3], filters: [] } as const
      await other.createDataset('chunked', { datatype: integerType(4, true), shape, storage }).append(bytes)
    })
    await lookInto(target, async (opened) => {
      expect(Buffer.compare(await opened.bytes('/other/flat'), bytes)).toBe(0)
      expect(Buffer.compare(await opened.bytes('/other/chunked'), bytes)).toBe(0)
    })
  })

  it('keeps soft links, and several hard links to one object as such', async () => {
    const { target } = await copyOther(async (h5) => {
      const other = h5.root.requireGroup('other')
      const one = other.createDataset('one', {
        datatype: integerType(1, false),
        shape: [2],
        storage: CONTIGUOUS,
      })
      await one.append(Uint8Array.of(1, 2))
      other.addHardLink('two', one)
      other.addHardLink('sub2', other.requireGroup('sub'))
      other.addSoftLink('soft', '/other/one')
      other.addSoftLink('dangling', '/nowhere')
    })
    await lookInto(target, async (opened) => {
      const group = await opened.find('/other')
      const links = group?.kind === 'group' ? group.links : []
      const addressOf = (name: string) =>
        links.flatMap((link) => (link.kind === 'hard' && link.name === name ? [link.address] : []))
      expect(addressOf('one')).toEqual(addressOf('two'))
      expect(addressOf('sub')).toEqual(addressOf('sub2'))
      expect(links.filter((link) => link.kind === 'soft')).toEqual([
        { kind: 'soft', name: 'dangling', target: '/nowhere' },
        { kind: 'soft', name: 'soft', target: '/other/one' },
      ])
    })
  })

  it('links to what was copied elsewhere instead of copying it again', async () => {
    const source = await writeFile((h5) => {
      const events = h5.root.requireGroup('events')
      events.createDataset('deform', { datatype: float64Type(), shape: [0], storage: CONTIGUOUS })
      h5.root.requireGroup('other').addHardLink('again', events)
    })
    const target = await writeFile(async (dst) => {
      const src = await FileReader.open(nodeDisk, source)
      const [events, other] = [await src.find('/events'), await src.find('/other')]
      if (events?.kind !== 'group' || other?.kind !== 'group') throw new Error('no groups')
      const copied = new CopiedObjects()
      copied.remember(events.address, dst.root.requireGroup('events'))
      await copyTree(src, other, dst.root.requireGroup('other'), { pool: getPool(), copied })
      await src.close()
    })
    await lookInto(target, async (opened) => {
      expect((await opened.find('/other/again'))?.address).toBe((await opened.find('/events'))?.address)
    })
  })

  it('reports links in a circle, links to other files, unknown links and unusable names, and leaves them out', async () => {
    const { target, source, warnings } = await copyOther((h5) => h5.root.requireGroup('other/sub'), {
      change: (group) => ({
        ...group,
        links: [
          ...group.links,
          { kind: 'hard', name: 'self', address: group.address },
          { kind: 'external', name: 'out', file: '//host/share/x.h5', target: '/y' },
          { kind: 'other', name: 'user', linkType: 70 },
          { kind: 'soft', name: 'a/b', target: '/x' },
          { kind: 'soft', name: 'blank', target: '' },
          { kind: 'soft', name: 'sub', target: '/x' },
        ],
      }),
    })
    expect(warnings.map(({ code, object }) => [code, object])).toEqual([
      ['W_LINK', '/other/self'],
      ['W_EXT', '/other/out'],
      ['W_LINK', '/other/user'],
      ['W_LINK', '/other/a/b'],
      ['W_LINK', '/other/blank'],
      ['W_LINK', '/other/sub'],
    ])
    expect(warnings[1]).toMatchObject({
      path: source,
      message: '/other/out is left out: it is a link to /y in another file, //host/share/x.h5',
    })
    await lookInto(target, async (opened) => expect(await opened.names('/other')).toEqual(['sub']))
  })

  it('does not close a circle through what was copied elsewhere', async () => {
    const warnings: Warning[] = []
    const source = await writeFile((h5) =>
      h5.root.requireGroup('other').addHardLink('up', h5.root.requireGroup('events')),
    )
    const target = await writeFile(async (dst) => {
      const src = await FileReader.open(nodeDisk, source)
      const [events, other] = [await src.find('/events'), await src.find('/other')]
      if (events?.kind !== 'group' || other?.kind !== 'group') throw new Error('no groups')
      const copied = new CopiedObjects()
      copied.remember(events.address, dst.root.requireGroup('events'))
      const options = { pool: getPool(), copied, reportWarning: (warning: Warning) => warnings.push(warning) }
      await copyTree(src, other, dst.root.requireGroup('events/other'), options)
      await src.close()
    })
    expect(warnings).toMatchObject([{ code: 'W_LINK', object: '/other/up' }])
    await lookInto(target, async (opened) => expect(await opened.names('/events/other')).toEqual([]))
  })

  it('does not follow a link up to the root', async () => {
    const { target, warnings } = await copyOther((h5) => h5.root.requireGroup('other'), {
      change: (group) => ({ ...group, links: [{ kind: 'hard', name: 'root', address: 0 }] }),
      tree: { copied: openAt(0) },
    })
    expect(warnings).toMatchObject([{ code: 'W_LINK', object: '/other/root' }])
    await lookInto(target, async (opened) => expect(await opened.names('/other')).toEqual([]))
  })

  it('refuses groups that lie too deep', async () => {
    const deep = Array.from({ length: 40 }, () => 'g').join('/')
    const error = await expectRejection(
      copyOther((h5) => h5.root.requireGroup(`other/${deep}`)),
      'E_META',
    )
    expect(error.message).toMatch(/more than 32 groups deep/)
  })

  it('stops when it is cancelled', async () => {
    const fill = (h5: FileWriter) => h5.root.requireGroup('other/sub')
    await expectRejection(copyOther(fill, { tree: { signal: AbortSignal.abort() } }), 'E_CANCELLED')
  })
})

function openAt(address: number): CopiedObjects {
  const copied = new CopiedObjects()
  copied.open(address)
  return copied
}

describe('copyAttributes', () => {
  it('reports attributes that cannot be carried and copies the others', () => {
    const warnings: Warning[] = []
    const kept = makeIntegerAttribute('kept', 1)
    const source: StoredGroup = {
      kind: 'group',
      path: '/other',
      address: 0,
      links: [],
      attributes: [kept, { ...kept, name: 'ref', datatype: REFERENCE }],
      refused: [{ name: 'odd', reason: 'of an unknown version' }],
    }
    const attributes = new Map()
    const target = {
      attributes,
      setAttribute: (attribute: typeof kept) => attributes.set(attribute.name, attribute),
    }
    copyAttributes(source, target, { path: 'x.rtdc', reportWarning: (warning) => warnings.push(warning) })
    expect([...attributes.keys()]).toEqual(['kept'])
    expect(warnings.map(({ code, object }) => [code, object])).toEqual([
      ['W_TYPE', '/other@ref'],
      ['W_TYPE', '/other@odd'],
    ])
  })

  it('keeps what the target has unless told otherwise', async () => {
    await writeFile((h5) => {
      const source: StoredGroup = {
        kind: 'group',
        path: '/',
        address: 0,
        links: [],
        attributes: [makeIntegerAttribute('a', 1)],
        refused: [],
      }
      h5.root.setAttribute(makeIntegerAttribute('a', 2))
      copyAttributes(source, h5.root, { path: '' })
      expect(h5.root.attributes.get('a')?.data.bytes[0]).toBe(2)
      copyAttributes(source, h5.root, { path: '', override: true })
      expect(h5.root.attributes.get('a')?.data.bytes[0]).toBe(1)
    })
  })

  it('reports an attribute of more than can be written', async () => {
    await writeFile((h5) => {
      const warnings: Warning[] = []
      const huge = {
        ...makeIntegerAttribute('huge', 1),
        dataspace: { kind: 'simple', shape: [2 ** 22], maxShape: [2 ** 22] },
      } as const
      const attributes = [{ ...huge, data: { bytes: new Uint8Array(2 ** 25), sequences: [] } }]
      const source: StoredGroup = { kind: 'group', path: '/', address: 0, links: [], attributes, refused: [] }
      copyAttributes(source, h5.root, { path: '', reportWarning: (warning) => warnings.push(warning) })
      expect(warnings).toMatchObject([{ code: 'W_TYPE', object: '/@huge' }])
      expect(h5.root.attributes.size).toBe(0)
    })
  })
})

describe('isCopyable', () => {
  const dataset: StoredDataset = {
    kind: 'dataset',
    path: '/other/x',
    address: 0,
    datatype: float64Type(),
    dataspace: { kind: 'scalar' },
    layout: { kind: 'contiguous', address: null, storedBytes: 0 },
    filters: [],
    fillValue: undefined,
    attributes: [],
    refused: [],
  }

  it('reports references and data in other files', async () => {
    const source = await writeFile(() => undefined)
    const file = await FileReader.open(nodeDisk, source)
    const warnings: Warning[] = []
    const options = { pool: getPool(), reportWarning: (warning: Warning) => warnings.push(warning) }
    expect(await isCopyable(file, dataset, options)).toBe(true)
    expect(await isCopyable(file, { ...dataset, datatype: REFERENCE }, options)).toBe(false)
    expect(await isCopyable(file, { ...dataset, layout: { kind: 'virtual', mapping: null } }, options)).toBe(
      false,
    )
    expect(await isCopyable(file, { ...dataset, layout: { kind: 'external' } }, options)).toBe(false)
    await file.close()
    expect(warnings.map(({ code }) => code)).toEqual(['W_TYPE', 'W_EXT', 'W_EXT'])
  })
})
