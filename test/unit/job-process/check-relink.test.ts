import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { makeTextAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { checkRelink } from '../../../src-main/job-process/check-relink.ts'
import { describeFile } from '../../../src-main/job-process/describe-file.ts'
import { relinkReportSchema } from '../../../src-main/jobs/basin-report.ts'
import { fileViewSchema } from '../../../src-main/jobs/file-view.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { addBasin, writeMeasurement } from '../read/measurement-fixture.ts'

interface Recipe {
  readonly identifier?: string
  readonly events?: number
  readonly basins?: Readonly<Record<string, object>>
}

function write({ identifier = 'run-1', events = 10, basins = {} }: Recipe = {}): Promise<string> {
  return writeMeasurement({
    events,
    attributes: [makeTextAttribute('experiment:run identifier', identifier)],
    fill: async (h5) => {
      for (const [key, fields] of Object.entries(basins)) await addBasin(h5.root, key, fields)
    },
  })
}

const lost = { type: 'file', format: 'hdf5', paths: ['lost.rtdc'], features: ['deform', 'image'] }

describe('a file that is to take the place of a lost one', () => {
  async function check(candidate: string, fields: object = lost) {
    const path = await write({ basins: { key: fields } })
    return relinkReportSchema.parse(await checkRelink(nodeDisk, { path, key: 'key', candidate }))
  }

  it('fits where identifier, events and features are those that are wanted', async () => {
    expect(await check(await write())).toEqual({
      ...{ verdict: 'fits', identifier: 'run-1', events: 10, missing: [], reason: null },
    })
  })

  it('is another measurement by its identifier, or by its number of events', async () => {
    expect(await check(await write({ identifier: 'run-2' }))).toMatchObject({
      ...{ verdict: 'other', identifier: 'run-2', reason: expect.stringContaining('run-2') },
    })
    expect(await check(await write({ events: 9 }))).toMatchObject({
      ...{ verdict: 'other', reason: 'it has 9 events, but this file has 10' },
    })
  })

  it('lacks features that neither it nor its basins promise', async () => {
    const wanted = { ...lost, features: ['deform', 'mask', 'area_um'] }
    const inner = { type: 'file', format: 'hdf5', paths: ['x.rtdc'], features: ['mask'] }
    expect(await check(await write({ basins: { inner } }), wanted)).toMatchObject({
      ...{ verdict: 'lacks', missing: ['area_um'] },
    })
  })

  it('is no measurement at all', async () => {
    const notes = join(await makeTemporaryFolder(), 'notes.rtdc')
    await writeFile(notes, 'no measurement')
    expect(await check(notes)).toMatchObject({ verdict: 'other', identifier: null })
  })

  it('is not the file itself, and the file stays as it is', async () => {
    const path = await write({ basins: { key: lost } })
    const before = await readFile(path)
    expect(await checkRelink(nodeDisk, { path, key: 'key', candidate: path })).toMatchObject({
      ...{ verdict: 'other', reason: 'it is this file itself' },
    })
    expect(await readFile(path)).toEqual(before)
  })

  it('is refused for a key that is no basin of a file', async () => {
    const path = await write({ basins: { inside: { type: 'internal', format: 'h5dataset', paths: [] } } })
    const candidate = await write()
    for (const key of ['absent', 'inside'])
      await expectRejection(checkRelink(nodeDisk, { path, key, candidate }), 'E_BASIN')
  })
})

describe('what basins refer to in turn', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await makeTemporaryFolder()
  })

  /** A file that refers to another one of the folder; null: to nothing. */
  async function writeLink(name: string, next: string | null): Promise<void> {
    const basins = next === null ? {} : { [`to-${next}`]: { ...lost, paths: [`${next}.rtdc`] } }
    await copyFile(await write({ basins }), join(folder, `${name}.rtdc`))
  }

  async function describeTop(path: string) {
    return fileViewSchema.parse(await describeFile(nodeDisk, path, [])).basins
  }

  it('is described two levels deep', async () => {
    for (const [name, next] of ['ab', 'bc', 'cd', 'de']) await writeLink(name!, next!)
    await writeLink('e', null)
    const [first] = await describeTop(join(folder, 'a.rtdc'))
    expect(first?.key).toBe('to-b')
    expect(first?.basins.map(({ key }) => key)).toEqual(['to-c'])
    expect(first?.basins[0]?.basins.map(({ key, paths }) => [key, paths[0]?.state])).toEqual([
      ['to-d', 'found'],
    ])
  })

  it('ends where it leads back', async () => {
    await writeLink('a', 'b')
    await writeLink('b', 'a')
    const [first] = await describeTop(join(folder, 'a.rtdc'))
    expect(first?.paths[0]?.state).toBe('found')
    expect(first?.basins.flatMap(({ basins }) => basins)).toEqual([])
  })

  it('is only looked for where may be looked', async () => {
    const outside = join(await makeTemporaryFolder(), 'away')
    await mkdir(outside)
    await copyFile(await write(), join(outside, 'c.rtdc'))
    await copyFile(
      await write({ basins: { away: { ...lost, paths: [join(outside, 'c.rtdc')] } } }),
      join(folder, 'b.rtdc'),
    )
    await copyFile(await write({ basins: { near: { ...lost, paths: ['b.rtdc'] } } }), join(folder, 'a.rtdc'))
    const [first] = await describeTop(join(folder, 'a.rtdc'))
    expect(first?.basins[0]?.paths[0]).toMatchObject({ state: 'unconfirmed', folder: outside })
  })
})
