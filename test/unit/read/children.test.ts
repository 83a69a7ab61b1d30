import { describe, expect, it } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { Layout } from '../../../src-main/hdf5/model.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import type { Link, StoredDataset, StoredGroup } from '../../../src-main/hdf5/reading/stored-object.ts'
import { readChild } from '../../../src-main/read/children.ts'
import type { Child } from '../../../src-main/read/children.ts'
import { writeMeasurement } from './measurement-fixture.ts'

interface Place {
  readonly file: FileReader
  readonly events: StoredGroup
}

/** Does something with the events of a small measurement. */
async function inEvents<T>(look: (place: Place) => Promise<T>): Promise<T> {
  const file = await FileReader.open(nodeDisk, await writeMeasurement())
  try {
    const events = await file.find('/events')
    if (events?.kind !== 'group') throw new Error('/events should be a group')
    return await look({ file, events })
  } finally {
    await file.close()
  }
}

function follow(link: Link): Promise<Child> {
  return inEvents(({ file, events }) => readChild(file, events, link))
}

/** Follows a link to a dataset that is stored in another way than the writer can. */
function followStored(layout: Layout): Promise<Child> {
  return inEvents(async ({ file, events }) => {
    const dataset = { ...((await file.find('/events/deform')) as StoredDataset), layout }
    const stand = Object.assign(Object.create(file) as FileReader, {
      readObject: () => Promise.resolve(dataset),
    })
    return readChild(stand, events, { kind: 'hard', name: 'deform', address: 0 })
  })
}

describe('a child of a group', () => {
  it('behind a link to another file is left out, and the file is not touched', async () => {
    const child = await follow({
      kind: 'external',
      name: 'image',
      file: '../else\u202e.h5',
      target: '/events/image',
    })
    expect(child).toMatchObject({
      kind: 'left-out',
      leftOut: { path: '/events/image', warning: { code: 'W_EXT' } },
    })
    const message = child.kind === 'left-out' ? child.leftOut.warning.message : ''
    expect(message).toContain('/events/image')
    expect(message).toContain('../else\\u{202e}.h5')
  })

  it('behind a link that only its maker understands is left out', async () => {
    const child = await follow({ kind: 'other', name: 'image', linkType: 77 })
    expect(child).toMatchObject({ kind: 'left-out', leftOut: { warning: { code: 'W_LINK' } } })
  })

  it.each([{ kind: 'virtual', mapping: null }, { kind: 'external' }] as const)(
    'whose values lie elsewhere ($kind) is left out',
    async (layout) => {
      expect(await followStored(layout)).toMatchObject({
        kind: 'left-out',
        leftOut: { warning: { code: 'W_EXT' } },
      })
    },
  )

  it('that cannot be read is damaged', async () => {
    const child = await follow({ kind: 'hard', name: 'image', address: 7 })
    expect(child).toMatchObject({
      kind: 'damaged',
      damaged: { path: '/events/image', error: { code: 'E_META' } },
    })
  })
})
