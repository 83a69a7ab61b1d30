import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { readAttributeValue } from '../hdf5/reading/attribute-value.ts'
import { makeIntegerAttribute, makeTextAttribute } from '../hdf5/writing/attributes.ts'
import type { GroupWriter } from '../hdf5/writing/file-writer.ts'
import { VERSION } from '../version.ts'
import { copyMetadata } from '../write/copy-metadata.ts'
import { HDF5Writer } from '../write/hdf5-writer.ts'
import { digestFeatures } from './feature-digests.ts'
import { toDatasetKeywords } from './filter-settings.ts'
import { identifyInput } from './input-identity.ts'
import { composeJobLog } from './job-log.ts'
import type { JobWarnings } from './job-warnings.ts'
import type { OutputFile } from './output-file.ts'
import type { OpenSource } from './open-source.ts'
import type { RecordOrder } from './record-job.ts'
import { SimulatedSource } from './simulated-source.ts'

export interface RecordMetadata {
  readonly output: OutputFile
  readonly source: OpenSource
  readonly order: RecordOrder
  readonly disk: DiskPort
  readonly pool: FilterPool
  readonly warnings: JobWarnings
  /** Events in the output. */
  readonly events: number
  readonly startedAt: Date
  readonly seconds: number
}

/** Writes what belongs to a recording beside its events: root attributes, logs and tables of the source, the job's own log. */
export async function writeRecordMetadata(work: RecordMetadata): Promise<void> {
  const { output, source, order, pool, warnings, events } = work
  const { root } = output.writer
  const dsKwds = toDatasetKeywords(order.job.compression)
  root.requireGroup('events')
  for (const attribute of [...source.attributes, ...order.extraAttributes]) root.setAttribute(attribute)
  root.setAttribute(makeIntegerAttribute('experiment:event count', events))
  appendOwnVersion(root)
  if (source.measurement !== undefined) {
    const { file, fallback } = source.measurement
    await copyMetadata(file, output.writer, {
      pool,
      dsKwds,
      fallback,
      software: null,
      reportWarning: warnings.report,
    })
  }
  if (source instanceof SimulatedSource) {
    const hdf5 = await HDF5Writer.open(output.writer, { dsKwds })
    await hdf5.storeLog('simulated-instrument', source.instrument.logLines)
  }
  await writeOwnLog(work)
}

/** Spec: `setup:software version` is the chain of programs that the events went through, `A x | B y`. */
function appendOwnVersion(root: GroupWriter): void {
  const name = 'setup:software version'
  const own = `weir ${VERSION}`
  const stored = root.attributes.get(name)
  const value = stored === undefined ? undefined : readAttributeValue(stored)
  const chain = typeof value === 'string' ? value.split('|').map((link) => link.trim()) : []
  const links = chain.filter((link) => link !== '')
  if (links.at(-1) !== own) links.push(own)
  root.setAttribute(makeTextAttribute(name, links.join(' | ')))
}

async function writeOwnLog(work: RecordMetadata): Promise<void> {
  const { output, source, order, startedAt, seconds } = work
  const files = source.inputPath === null ? [] : [await identifyInput(source.inputPath, work.disk)]
  const lines = composeJobLog({
    task: 'record',
    job: order.job,
    files,
    startedAt,
    seconds,
    warnings: work.warnings.list,
    result: {
      events: work.events,
      frames: source.frameCount,
      ...(await digestFeatures(output.writer)),
    },
  })
  await output.storeOwnLog('weir-record', lines, toDatasetKeywords(order.job.compression))
}
