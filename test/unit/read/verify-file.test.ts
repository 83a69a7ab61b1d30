import { readFile, truncate, utimes, writeFile as writeBytes } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { ChunkRecord } from '../../../src-main/hdf5/model.ts'
import { readChunkTable } from '../../../src-main/hdf5/reading/chunk-table.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import { float64Type, variableStringType } from '../../../src-main/hdf5/writing/datatypes.ts'
import { verifyFile } from '../../../src-main/read/verify-file.ts'
import type { VerifyOptions, VerifyReport } from '../../../src-main/read/verify-file.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { failOperation, wrapDisk } from '../../helpers/faulty-disk.ts'
import {
  addLines,
  addRows,
  addScalar,
  findAddress,
  getPool,
  writeFile,
  writeMeasurement,
} from './measurement-fixture.ts'

function verify(path: string, options: Partial<VerifyOptions> = {}): Promise<VerifyReport> {
  return verifyFile(path, { disk: nodeDisk, pool: getPool(), ...options })
}

async function listChunks(path: string, object: string): Promise<readonly ChunkRecord[]> {
  const file = await FileReader.open(nodeDisk, path)
  try {
    const dataset = await file.find(object)
    if (dataset?.kind !== 'dataset') throw new Error(`${object} should be a dataset`)
    return (await readChunkTable(file, dataset)).records
  } finally {
    await file.close()
  }
}

async function flip(path: string, position: number, mask = 0xff): Promise<void> {
  const bytes = await readFile(path)
  bytes[position] = (bytes[position] ?? 0) ^ mask
  await writeBytes(path, bytes)
}

/** Level, code and object of each finding. */
function summarise(report: VerifyReport): unknown[] {
  return report.findings.map(({ level, code, object }) => [level, code, object])
}

describe('verifying a file', () => {
  it('finds nothing in a good one, and has read all of it', async () => {
    const path = await writeMeasurement()
    const report = await verify(path)
    expect(report).toMatchObject({ path, events: 10, findings: [] })
    expect(report.bytesRead).toBeGreaterThanOrEqual((await readFile(path)).length / 2)
  })

  it.each(['/events/deform', '/events/image', '/events/index', '/logs/one'])(
    'finds a flipped byte in any chunk of %s',
    async (object) => {
      const path = await writeMeasurement({
        fill: (h5) => addLines(h5.root, 'logs/one', ['1', '2', '3', '4', '5']),
      })
      for (const { address, storedBytes } of await listChunks(path, object)) {
        const position = address + (storedBytes >> 1)
        await flip(path, position)
        const { findings } = await verify(path)
        expect(findings).toMatchObject([{ level: 'damage', code: 'E_CHUNK', object, offset: address }])
        await flip(path, position)
      }
      expect((await verify(path)).findings).toEqual([])
    },
  )

  it('names every damaged chunk, and reads on behind each', async () => {
    const path = await writeMeasurement()
    const [first, , last] = await listChunks(path, '/events/index')
    for (const chunk of [first, last]) await flip(path, chunk?.address ?? 0)
    const { findings } = await verify(path)
    expect(findings.map((finding) => finding.offset)).toEqual([first?.address, last?.address])
    expect(findings[0]?.message).toContain('events 0-3')
    expect(findings[1]?.message).toContain('events 8-9')
  })

  it('goes on with other objects behind a damaged header', async () => {
    const path = await writeMeasurement()
    await flip(path, await findAddress(path, '/events/deform'))
    await flip(path, (await listChunks(path, '/events/index'))[0]?.address ?? 0)
    const report = await verify(path)
    expect(summarise(report)).toEqual([
      ['damage', 'E_META', '/events/deform'],
      ['damage', 'E_CHUNK', '/events/index'],
    ])
    expect(report.events).toBe(10)
  })

  it('checks what it can where the group events is damaged', async () => {
    const path = await writeMeasurement({ fill: (h5) => addLines(h5.root, 'logs/one', ['line']) })
    await flip(path, await findAddress(path, '/events'))
    await flip(path, (await listChunks(path, '/logs/one'))[0]?.address ?? 0)
    const report = await verify(path)
    expect(summarise(report)).toEqual([
      ['damage', 'E_META', '/events'],
      ['damage', 'E_CHUNK', '/logs/one'],
    ])
    expect(report.events).toBeNull()
  })

  it('takes missing chunks of events for damage, others for fill values', async () => {
    const spec = {
      datatype: float64Type(),
      shape: [10],
      storage: { kind: 'chunked', chunkShape: [4], filters: [] },
    } as const
    const path = await writeMeasurement({
      fill: async (h5, events) => {
        const sparse = events.createDataset('area_um', spec)
        await sparse.keepChunk(1, { bytes: new Uint8Array(32), filterMask: 0 })
        h5.root.createDataset('plugin/sparse', spec)
      },
    })
    const report = await verify(path)
    const damage = report.findings.filter((finding) => finding.level === 'damage')
    expect(damage).toMatchObject([{ code: 'E_HOLE', object: '/events/area_um' }])
    expect(damage[0]?.message).toContain('2 of 3 chunks')
  })

  it('does not walk through rows that were never written', async () => {
    const spec = {
      datatype: float64Type(),
      shape: [2 ** 45],
      storage: { kind: 'chunked', chunkShape: [1000], filters: [] },
    } as const
    const path = await writeMeasurement({ fill: (h5) => h5.root.createDataset('plugin/vast', spec) })
    const found = (await verify(path)).findings.filter((finding) => finding.level !== 'hint')
    expect(found).toMatchObject([{ level: 'alert', code: 'A_HOLE', object: '/plugin/vast' }])
  })

  it('says where shuffle takes more than one value for an element', async () => {
    const path = await writeMeasurement({
      fill: async (_h5, events) => {
        const storage = {
          kind: 'chunked',
          chunkShape: [10],
          filters: [{ id: 2, flags: 1, values: [40] }],
        } as const
        const area = events.createDataset('area_um', { datatype: float64Type(), shape: [0], storage })
        await area.append(new Uint8Array(80))
      },
    })
    const hint = (await verify(path)).findings.find(({ code }) => code === 'H_SHUFFLE')
    expect(hint?.message).toContain('/events/area_um (40 bytes instead of 8)')
  })

  it('says that bytes lie behind the end', async () => {
    const path = await writeMeasurement()
    const bytes = await readFile(path)
    await writeBytes(path, Buffer.concat([bytes, Buffer.alloc(7)]))
    const { findings } = await verify(path)
    expect(findings).toMatchObject([{ level: 'hint', code: 'H_TAIL', object: null, offset: bytes.length }])
    expect(findings[0]?.message).toContain('7 bytes')
  })

  it('reads text of variable length', async () => {
    const text = Buffer.from('first line')
    const path = await writeMeasurement({
      fill: async (h5) => {
        const log = h5.root.createDataset('logs/old', {
          datatype: variableStringType(),
          shape: [1],
          storage: { kind: 'contiguous' },
        })
        const slot = new Uint8Array(16)
        new DataView(slot.buffer).setUint32(0, text.length, true)
        await log.write({ bytes: slot, sequences: [text] })
      },
    })
    expect(summarise(await verify(path))).toEqual([
      ['hint', 'H_COMPRESSION', null],
      ['hint', 'H_CHECKSUM', null],
      ['hint', 'H_VARIABLE', null],
    ])
    const bytes = await readFile(path)
    // The object of the heap: index, references, padding, length, then the text.
    await flip(path, bytes.indexOf(text) - 16)
    expect((await verify(path)).findings[0]).toMatchObject({ level: 'damage', object: '/logs/old' })
  })

  it('reads an object of several names once, by its name in events', async () => {
    const path = await writeMeasurement({
      fill: async (h5, events) => {
        const index = events.child('index')
        if (index === undefined) throw new Error('there should be an index')
        h5.root.addHardLink('another', index)
        h5.root.addHardLink('a_group/another', index)
      },
    })
    const [chunk] = await listChunks(path, '/events/index')
    await flip(path, chunk?.address ?? 0)
    expect(summarise(await verify(path))).toEqual([['damage', 'E_CHUNK', '/events/index']])
  })

  it('says so if the file changes meanwhile', async () => {
    const path = await writeMeasurement()
    const disk = wrapDisk(nodeDisk, {
      hook: ({ kind }) => (kind === 'read' ? utimes(path, 1, 1) : undefined),
    })
    expect(summarise(await verify(path, { disk }))).toEqual([['damage', 'E_GROWING', null]])
  })

  it('names what the disk cannot read, and goes on', async () => {
    const path = await writeMeasurement()
    const [chunk] = await listChunks(path, '/events/deform')
    const disk = wrapDisk(nodeDisk, {
      fault: ({ kind, offset }) =>
        kind === 'read' && offset === chunk?.address ? { kind: 'fail', code: 'EIO' } : undefined,
    })
    expect(summarise(await verify(path, { disk }))).toEqual([['damage', 'E_IO', '/events/deform']])
  })

  it('rejects with Cancelled when asked to stop', async () => {
    const path = await writeMeasurement()
    await expectRejection(verify(path, { signal: AbortSignal.abort() }), 'E_CANCELLED')
    const controller = new AbortController()
    const stopping = verify(path, { signal: controller.signal, onProgress: () => controller.abort() })
    await expectRejection(stopping, 'E_CANCELLED')
  })

  it('tells its progress, which never goes back nor beyond the file', async () => {
    const path = await writeMeasurement()
    const seen: number[] = []
    let totalBytes = 0
    await verify(path, {
      onProgress: (progress) => {
        seen.push(progress.bytesRead)
        totalBytes = progress.totalBytes
      },
    })
    expect(totalBytes).toBe((await readFile(path)).length)
    expect(seen).toEqual(seen.toSorted((one, other) => one - other))
    expect(seen.at(-1)).toBeLessThanOrEqual(totalBytes)
    expect(seen.length).toBeGreaterThan(0)
  })

  it('closes the file in any case', async () => {
    const path = await writeMeasurement()
    for (let k = 1; k <= 6; k++) {
      const disk = wrapDisk(nodeDisk, failOperation(k, 'EIO', ['read']))
      await verify(path, { disk }).catch(() => undefined)
      const count = (kind: string): number =>
        disk.operations.filter((operation) => operation.kind === kind).length
      expect(count('close'), `with read ${k} failing`).toBe(count('open'))
    }
  })
})

describe('a file that cannot be verified', () => {
  it('is one that is cut: the report says so', async () => {
    const path = await writeMeasurement()
    await truncate(path, (await readFile(path)).length - 100)
    expect(await verify(path)).toMatchObject({
      path,
      events: null,
      findings: [{ level: 'damage', code: 'E_TRUNC', object: null }],
    })
  })

  it('is one with a damaged superblock or root: the report says so', async () => {
    const path = await writeMeasurement()
    await flip(path, 45)
    expect(summarise(await verify(path))).toEqual([['damage', 'E_SUPER', null]])
    await flip(path, 45)
    await flip(path, await findAddress(path, '/'))
    expect(summarise(await verify(path))).toEqual([['damage', 'E_META', '/']])
  })

  it('is refused if it is no measurement at all', async () => {
    const path = await writeMeasurement()
    await writeBytes(path, '')
    await expectRejection(verify(path), 'E_SHORT')
    await writeBytes(path, 'PK'.padEnd(1000, 'x'))
    await expectRejection(verify(path), 'E_MAGIC')
    await expectRejection(verify(`${path}.not-there`), 'E_MISSING')
    await expectRejection(verify(await writeFile(() => undefined)), 'E_NOT_RTDC')
  })

  it('never ends in anything but a report or a refusal, wherever a byte is wrong', async () => {
    const path = await writeMeasurement({
      fill: (_h5, events) =>
        addRows(events, 'area_um', { type: float64Type(false), shape: [10], bytes: new Uint8Array(80) }),
    })
    const good = await readFile(path)
    const ends = new Set<string>()
    // Signature and header, then everything but the zeros between header and data.
    const positions = [...good.keys()].filter((position) => position < 48 || position >= 4096)
    const step = Math.ceil(positions.length / 150)
    for (let index = 0; index < positions.length; index += step) {
      const bytes = Buffer.from(good)
      const position = positions[index] ?? 0
      bytes[position] = (bytes[position] ?? 0) ^ (1 << (index % 8))
      await writeBytes(path, bytes)
      ends.add(
        await verify(path).then(
          () => 'report',
          (thrown: unknown) => String((thrown as { code?: string }).code),
        ),
      )
    }
    expect([...ends].filter((end) => !['report', 'E_MAGIC', 'E_SUPER', 'E_NOT_RTDC'].includes(end))).toEqual(
      [],
    )
  })

  it('reads scalars that the conventions do not know', async () => {
    const path = await writeMeasurement({
      fill: (_h5, events) => addScalar(events, 'ncells', Array<number>(10).fill(1)),
    })
    expect(summarise(await verify(path))).toEqual([['violation', 'V_FEATURE', '/events/ncells']])
  })
})
