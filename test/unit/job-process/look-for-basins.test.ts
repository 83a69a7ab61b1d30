import { execFile } from 'node:child_process'
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, it } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { makeTextAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { isDeviceName } from '../../../src-main/job-process/allowed-folders.ts'
import { describeFile } from '../../../src-main/job-process/describe-file.ts'
import { fileViewSchema, type BasinPathView, type FileView } from '../../../src-main/jobs/file-view.ts'
import { wrapDisk } from '../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { addBasin, addScalar, writeMeasurement } from '../read/measurement-fixture.ts'

/** Contains `here` (with the referrer and `here/sub`) and `there`. */
let folder = ''
/** A measurement with the identifier `run-1`. */
let measurement = ''

beforeEach(async () => {
  folder = await makeTemporaryFolder()
  for (const name of ['here', 'here/sub', 'there']) await mkdir(join(folder, name))
  measurement = await writeIdentified('run-1')
})

function writeIdentified(identifier: string, fields?: object): Promise<string> {
  return writeMeasurement({
    attributes: [makeTextAttribute('experiment:run identifier', identifier)],
    fill: (h5) => fields && addBasin(h5.root, 'key', fields),
  })
}

interface Search {
  readonly identifier?: string
  readonly folders?: readonly string[]
  readonly fields?: object
}

/** Describes a file in `here` with one basin of these paths; every path that was touched outside of `here` and `folders` fails the test. */
async function describeReferrer(paths: readonly string[], search: Search = {}): Promise<FileView> {
  const { identifier = 'run-1', folders = [], fields = {} } = search
  const made = await writeIdentified(identifier, { type: 'file', format: 'hdf5', paths, ...fields })
  const referrer = join(folder, 'here', 'referrer.rtdc')
  await copyFile(made, referrer)
  const disk = wrapDisk(nodeDisk, {})
  const view = fileViewSchema.parse(await describeFile(disk, referrer, folders))
  const allowed = [join(folder, 'here'), ...folders]
  const touched = disk.operations.map(({ path }) => path)
  expect(
    touched.filter((path) => !allowed.some((one) => path === one || path.startsWith(`${one}/`))),
  ).toEqual([])
  return view
}

async function lookFor(path: string, search: Search = {}): Promise<BasinPathView> {
  const view = await describeReferrer([path], search)
  return view.basins[0]!.paths[0]!
}

describe('S23: a basin', () => {
  it('is found beside the file, below it, and by its name alone', async () => {
    const beside = join(folder, 'here', 'big.rtdc')
    await copyFile(measurement, beside)
    await copyFile(measurement, join(folder, 'here', 'sub', 'deep.rtdc'))
    const found = { state: 'found', resolved: beside, folder: null }
    expect(await lookFor('big.rtdc')).toEqual({ given: 'big.rtdc', ...found })
    expect(await lookFor(beside)).toMatchObject(found)
    expect(await lookFor('C:\\data\\big.rtdc')).toMatchObject(found)
    expect(await lookFor('/gone/for/good/big.rtdc')).toMatchObject(found)
    expect(await lookFor('sub\\deep.rtdc')).toMatchObject({ state: 'found' })
  })

  it('that is nowhere in the folder is missing', async () => {
    expect(await lookFor('big.rtdc')).toEqual({
      given: 'big.rtdc',
      state: 'missing',
      resolved: join(folder, 'here', 'big.rtdc'),
      folder: null,
    })
  })

  it('in another folder is not touched before the user confirmed that folder', async () => {
    const there = join(folder, 'there')
    await copyFile(measurement, join(there, 'big.rtdc'))
    const place = { resolved: join(there, 'big.rtdc') }
    for (const path of [
      join(there, 'big.rtdc'),
      '../there/big.rtdc',
      '..\\there\\big.rtdc',
      'sub/../../there/big.rtdc',
    ]) {
      expect(await lookFor(path)).toEqual({ given: path, state: 'unconfirmed', ...place, folder: there })
      expect(await lookFor(path, { folders: [there] })).toMatchObject({
        state: 'found',
        ...place,
        folder: null,
      })
      expect(await lookFor(path, { folders: [folder] })).toMatchObject({ state: 'found' })
      expect(await lookFor(path, { folders: [join(folder, 'the')] })).toMatchObject({ state: 'unconfirmed' })
    }
  })

  it('behind a link out of the folder is not touched before the user confirmed where it leads', async () => {
    const there = join(folder, 'there')
    await copyFile(measurement, join(there, 'big.rtdc'))
    await symlink(join(there, 'big.rtdc'), join(folder, 'here', 'linked.rtdc'))
    await symlink('../there', join(folder, 'here', 'linked'))
    for (const path of ['linked.rtdc', 'linked/big.rtdc', 'linked/./big.rtdc']) {
      expect(await lookFor(path)).toMatchObject({ state: 'unconfirmed', folder: there })
      expect(await lookFor(path, { folders: [there] })).toMatchObject({
        state: 'found',
        resolved: join(there, 'big.rtdc'),
      })
    }
  })

  it('behind a link within the folder, or in a folder that is a link itself, is found', async () => {
    await copyFile(measurement, join(folder, 'there', 'big.rtdc'))
    await copyFile(measurement, join(folder, 'here', 'sub', 'deep.rtdc'))
    await symlink('sub/deep.rtdc', join(folder, 'here', 'linked.rtdc'))
    expect(await lookFor('linked.rtdc')).toMatchObject({ state: 'found' })
    await symlink(join(folder, 'there'), join(folder, 'door'))
    const door = join(folder, 'door')
    const view = await describeFile(nodeDisk, await writeReferrer(join(door, 'big.rtdc')), [door])
    expect(view.basins[0]?.paths[0]).toMatchObject({
      state: 'found',
      resolved: join(folder, 'there', 'big.rtdc'),
    })
  })

  async function writeReferrer(path: string): Promise<string> {
    return writeIdentified('run-1', { type: 'file', format: 'hdf5', paths: [path] })
  }

  it.each([
    ['\\\\host\\share\\big.rtdc', '\\\\host\\share\\'],
    ['\\\\host\\share\\deep\\..\\big.rtdc', '\\\\host\\share\\'],
    ['//host/share/big.rtdc', '//host/share'],
    ['\\\\?\\UNC\\host\\share\\big.rtdc', '\\\\?\\UNC\\host\\share'],
  ])('on the network (%s) is never asked for', async (path, share) => {
    expect(await lookFor(path)).toMatchObject({ given: path, state: 'network', folder: share })
  })

  it('on the network is looked for where the user named its folder', async () => {
    const root = await makeTemporaryFolder()
    await copyFile(measurement, join(root, 'big.rtdc'))
    const referrer = await writeReferrer(`/${root}/big.rtdc`)
    const [asked] = (await describeFile(nodeDisk, referrer, [])).basins[0]!.paths
    expect(asked).toMatchObject({ state: 'network', folder: `/${root}` })
    const [confirmed] = (await describeFile(nodeDisk, referrer, [asked!.folder!])).basins[0]!.paths
    expect(confirmed).toMatchObject({ state: 'found', resolved: join(root, 'big.rtdc'), folder: null })
  })

  it('of a mapping that is the beginning of the identifier, or of a file without one, fits', async () => {
    await copyFile(measurement, join(folder, 'here', 'big.rtdc'))
    const mapped = { mapping: 'basinmap0' }
    expect(await lookFor('big.rtdc', { identifier: 'run-1_weir-abc', fields: mapped })).toMatchObject({
      state: 'found',
    })
    const unnamed = await writeMeasurement({ without: ['experiment:time'] })
    await copyFile(unnamed, join(folder, 'here', 'unnamed.rtdc'))
    expect(await lookFor('unnamed.rtdc', { fields: { identifier: 'run-9' } })).toMatchObject({
      state: 'found',
    })
  })

  it.each<[string, Search]>([
    ['the identifier of the file differs', { identifier: 'run-2' }],
    ['it is not mapped and only begins alike', { identifier: 'run-1_weir-abc' }],
    ['it is mapped and does not begin alike', { identifier: 'run', fields: { mapping: 'basinmap0' } }],
    ['the definition wants another one', { fields: { identifier: 'run-2' } }],
  ])('is another measurement where %s', async (_when, search) => {
    await copyFile(measurement, join(folder, 'here', 'big.rtdc'))
    const view = await describeReferrer(['big.rtdc'], search)
    expect(view.basins[0]?.paths).toMatchObject([{ state: 'other', folder: null }])
    expect(view.warnings).toMatchObject([{ code: 'W_BASIN', object: '/basins/key' }])
  })

  it('that is no measurement at all is another file', async () => {
    await writeFile(
      join(folder, 'here', 'big.rtdc'),
      'no HDF5 at all, but long enough to be some other kind of file',
    )
    const view = await describeReferrer(['big.rtdc'])
    expect(view.basins[0]?.paths).toMatchObject([{ state: 'other' }])
    expect(view.warnings[0]?.message).toContain('not an HDF5 file')
  })

  it('that names the file itself is not followed further', async () => {
    expect(await lookFor('referrer.rtdc')).toMatchObject({ state: 'found' })
  })

  it('whose file is no ordinary one is missing, without waiting for it', async () => {
    const here = join(folder, 'here')
    await promisify(execFile)('mkfifo', [join(here, 'pipe.rtdc')])
    await symlink('loop.rtdc', join(here, 'loop.rtdc'))
    for (const path of ['pipe.rtdc', 'loop.rtdc', 'sub', '.', '..', '', 'referrer.rtdc/below'])
      expect((await lookFor(path)).state).toMatch(/^(missing|unconfirmed)$/)
    expect(await lookFor('/dev/zero')).toMatchObject({ state: 'unconfirmed', folder: '/dev' })
    expect(await lookFor('/dev/zero', { folders: ['/dev'] })).toMatchObject({ state: 'missing' })
  })

  it.each([
    ['a NUL', 'a\0b.rtdc'],
    ['40,000 characters', 'x'.repeat(40_000)],
    ['20,000 folders', `${'a/'.repeat(20_000)}x.rtdc`],
    ['40,000 characters from the root', `/${'y'.repeat(40_000)}/x.rtdc`],
    ['a device of Windows', 'CON'],
    ['the end of a surrogate pair', 'a\udc00.rtdc'],
  ])('with %s in its path does no harm', async (_what, path) => {
    const look = await lookFor(path)
    expect(look.state).toMatch(/^(missing|unconfirmed)$/)
    expect(look.given.length).toBeLessThanOrEqual(10_010)
  })

  it('in a folder whose name could deceive the user cannot be confirmed', async () => {
    expect(await lookFor('/data\u202egnp/big.rtdc')).toEqual({
      given: '/data\\u202egnp/big.rtdc',
      state: 'unconfirmed',
      resolved: '/data\\u202egnp/big.rtdc',
      folder: null,
    })
  })

  it('of a type that is no file has no paths, and what an internal one lacks is told', async () => {
    const fields = { type: 'internal', format: 'h5dataset', features: ['image_bg', 'userdef1'] }
    const lacking = await describeReferrer(['basin_events'], { fields })
    expect(lacking.basins).toMatchObject([{ type: 'internal', paths: [] }])
    expect(lacking.warnings[0]?.message).toContain('needs the group /basin_events')
    const path = await writeMeasurement({
      fill: async (h5) => {
        await addScalar(h5.root.requireGroup('basin_events'), 'userdef1', [1])
        await addBasin(h5.root, 'key', { ...fields, paths: ['basin_events'] })
      },
    })
    const { warnings } = await describeFile(nodeDisk, path, [])
    expect(warnings.map(({ message }) => message.split(': ').slice(1).join(': '))).toEqual([
      '/basins/key: names features that /basin_events lacks: image_bg',
    ])
  })

  it('is one of a bounded number, each with a bounded number of paths', async () => {
    const many = Array.from({ length: 200 }, (_, number) => `${number}.rtdc`)
    const view = await describeReferrer(many)
    expect(view.basins[0]?.paths).toHaveLength(50)
    expect(basename(dirname(view.path))).toBe('here')
  })
})

describe('names of devices on Windows', () => {
  it.each(['CON', 'nul', 'aux.rtdc', 'COM1', 'com¹.rtdc', 'LPT9.a.b', 'prn:x'])('include %s', (name) => {
    expect(isDeviceName(name)).toBe(true)
  })

  it.each(['console.rtdc', 'com', 'COM10', 'x.con', 'null.rtdc'])('do not include %s', (name) => {
    expect(isDeviceName(name)).toBe(false)
  })
})
