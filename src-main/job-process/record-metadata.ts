import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { Attribute } from '../hdf5/model.ts'
import { readAttributeValue } from '../hdf5/reading/attribute-value.ts'
import { makeIntegerAttribute, makeTextAttribute } from '../hdf5/writing/attributes.ts'
import type { GroupWriter } from '../hdf5/writing/file-writer.ts'
import { appendSelectionToIdentifier } from '../read/identifier.ts'
import { VERSION } from '../version.ts'
import { HDF5Writer } from '../write/hdf5-writer.ts'
import { carryReplayed } from './carry-replayed.ts'
import { describePlansOf } from './describe-plans.ts'
import { digestFeatures } from './feature-digests.ts'
import { toDatasetKeywords } from './filter-settings.ts'
import { identifyInput } from './input-identity.ts'
import { composeJobLog } from './job-log.ts'
import type { JobWarnings } from './job-warnings.ts'
import { writeOrLeaveOut } from './leave-out.ts'
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

/**
 * Writes what belongs to a recording beside its events: root attributes, what a replayed measurement has beside them, the job's own log.
 * Whatever cannot be written is left out with a warning, because the events are there already.
 */
export async function writeRecordMetadata(work: RecordMetadata): Promise<void> {
  const { output, source, order, warnings } = work
  const { root } = output.writer
  root.requireGroup('events')
  if (source.measurement === undefined) await setAttributes(work, source.attributes)
  else await carryReplayed({ ...work, measurement: source.measurement })
  await setAttributes(work, order.extraAttributes)
  await setAttributes(work, composeOwnAttributes(work))
  const path = output.target.path
  const object = '/@setup:software version'
  await writeOrLeaveOut({ path, object, write: () => appendOwnVersion(root) }, { output, warnings })
  if (source instanceof SimulatedSource) {
    const hdf5 = await HDF5Writer.open(output.writer, { dsKwds: toDatasetKeywords(order.job.compression) })
    await hdf5.storeLog('simulated-instrument', source.instrument.logLines)
  }
  const writeLog = (): Promise<void> => writeOwnLog(work)
  await writeOrLeaveOut({ path, object: '/logs/weir-record', write: writeLog }, { output, warnings })
}

async function setAttributes(work: RecordMetadata, attributes: readonly Attribute[]): Promise<void> {
  const { output } = work
  const { path } = output.target
  for (const attribute of attributes) {
    const write = (): void => output.writer.root.setAttribute(attribute)
    await writeOrLeaveOut({ path, object: `/@${attribute.name}`, write }, work)
  }
}

/** The number of events, and another identifier where a replay was stopped or cut: it does not hold the same measurement. */
function composeOwnAttributes({ source, events }: RecordMetadata): Attribute[] {
  const count = makeIntegerAttribute('experiment:event count', events)
  const identifier = source.measurement?.identifier ?? null
  const isWhole = events === source.totalEvents && source.isCut !== true
  if (identifier === null || isWhole) return [count]
  const text = appendSelectionToIdentifier(identifier, new Uint8Array(events).keys())
  return [count, makeTextAttribute('experiment:run identifier', text)]
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
      // What is short is planned when its rows are settled.
      ...describePlansOf(output.writer),
    },
  })
  await output.storeOwnLog('weir-record', lines, toDatasetKeywords(order.job.compression))
}
