import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { makeTextAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { describeBasinPaths } from '../../../src-main/job-process/describe-basin-paths.ts'
import { basinPathReportsSchema, type BasinPathReport } from '../../../src-main/jobs/basin-report.ts'
import { wrapDisk } from '../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { addScalar, writeMeasurement } from '../read/measurement-fixture.ts'

/** Contains `out`, where the basin file will be, with the measurement `run-1` as `big.rtdc`, and `there`. */
let folder = ''
let out = ''
let there = ''

beforeEach(async () => {
  folder = await makeTemporaryFolder()
  out = join(folder, 'out')
  there = join(folder, 'there')
  for (const path of [out, there]) await mkdir(path)
  await copyFile(await writeIdentified('run-1'), join(out, 'big.rtdc'))
})

function writeIdentified(identifier: string, events = 10): Promise<string> {
  return writeMeasurement({
    events,
    attributes: [makeTextAttribute('experiment:run identifier', identifier)],
    fill: (h5) => addScalar(h5.root.requireGroup('basin_events'), 'bright_avg', [5]),
  })
}

/** Every path that was touched outside of `out` and `folders` fails the test. */
async function describeAll(
  paths: readonly string[],
  folders: readonly string[] = [],
): Promise<BasinPathReport[]> {
  const disk = wrapDisk(nodeDisk, {})
  const reports = await describeBasinPaths(disk, { paths, outputFolder: out, folders })
  const allowed = [out, ...folders]
  const touched = disk.operations.map(({ path }) => path)
  expect(
    touched.filter((path) => !allowed.some((one) => path === one || path.startsWith(`${one}/`))),
  ).toEqual([])
  return basinPathReportsSchema.parse(reports)
}

const NOTHING = { features: null, events: null, identifier: null, reason: null }

describe('a path of a basin file to be', () => {
  it('that leads to a measurement is told with what it gives', async () => {
    const found = {
      state: 'found',
      resolved: join(out, 'big.rtdc'),
      folder: null,
      features: ['bright_avg', 'deform', 'image', 'index'],
      events: 10,
      identifier: 'run-1',
      reason: null,
    }
    expect(await describeAll(['big.rtdc', join(out, 'big.rtdc')])).toEqual([
      { given: 'big.rtdc', ...found },
      { given: join(out, 'big.rtdc'), ...found },
    ])
  })

  it('in a folder that was not confirmed is named, not touched', async () => {
    const path = join(there, 'big.rtdc')
    await copyFile(join(out, 'big.rtdc'), path)
    await symlink(path, join(out, 'linked.rtdc'))
    for (const given of [path, '../there/big.rtdc', 'linked.rtdc']) {
      expect(await describeAll([given])).toEqual([
        { given, state: 'unconfirmed', resolved: path, folder: there, ...NOTHING },
      ])
      expect(await describeAll([given], [there])).toMatchObject([{ given, state: 'found', resolved: path }])
    }
  })

  it('on the network is named, not touched', async () => {
    const paths = ['\\\\host\\share\\big.rtdc', '//host/share/big.rtdc']
    expect(await describeAll(paths)).toEqual([
      {
        given: paths[0],
        state: 'network',
        resolved: '\\\\host\\share\\big.rtdc',
        folder: '\\\\host\\share\\',
        ...NOTHING,
      },
      {
        given: paths[1],
        state: 'network',
        resolved: '//host/share/big.rtdc',
        folder: '//host/share',
        ...NOTHING,
      },
    ])
  })

  it('that leads nowhere is missing', async () => {
    const given = ['gone.rtdc', 'C:\\data\\big.rtdc', 'nul\0byte', '.']
    const resolved = [join(out, 'gone.rtdc'), null, null, out]
    expect(await describeAll(given)).toEqual(
      given.map((path, index) => ({
        given: path,
        state: 'missing',
        resolved: resolved[index],
        folder: null,
        ...NOTHING,
      })),
    )
  })

  it('is another measurement where it differs from the first that is found', async () => {
    await copyFile(await writeIdentified('run-2'), join(out, 'other.rtdc'))
    await copyFile(await writeIdentified('run-1', 9), join(out, 'short.rtdc'))
    await writeFile(join(out, 'text.rtdc'), 'no HDF5')
    const reports = await describeAll(['gone.rtdc', 'text.rtdc', 'big.rtdc', 'other.rtdc', 'short.rtdc'])
    expect(reports.map(({ state }) => state)).toEqual(['missing', 'other', 'found', 'other', 'other'])
    expect(reports[1]).toMatchObject({
      features: null,
      reason: expect.stringContaining('text.rtdc') as string,
    })
    expect(reports[3]).toMatchObject({
      identifier: 'run-2',
      reason: `it is the measurement run-2, but ${join(out, 'big.rtdc')} is run-1`,
    })
    expect(reports[4]).toMatchObject({
      events: 9,
      reason: `it has 9 events, but ${join(out, 'big.rtdc')} has 10 events`,
    })
  })
})
