import { z } from 'zod'
import { createFilterPool } from '../hdf5/filters/worker-filter-pool.ts'
import { FILTER } from '../hdf5/model.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { WeirError } from '../errors.ts'
import { H5wasmFallback } from './h5wasm-fallback.ts'
import type { FeatureReport } from './inspect-dataset.ts'
import { readLines } from './read-lines.ts'

const planSchema = z.object({
  /** In which order zstd saw the bytes of a chunk. */
  order: z.enum(['plain', 'element', 'frame']),
  /** What the encoder was asked for, `level 1, windowLog 11`. */
  zstd: z.string().max(100),
})

/** How a feature was encoded: what its filters cannot say. */
export type StoredPlan = Readonly<z.infer<typeof planSchema>>

/** The part of a log of Weir that tells how features came to be stored. */
const logSchema = z.object({
  software: z.string().startsWith('weir '),
  utc: z.object({ date: z.string(), time: z.string() }),
  result: z.object({
    'storage plan': z.record(z.string(), planSchema).default({}),
    'copied as stored': z.array(z.string()).default([]),
  }),
})

interface OwnLog {
  readonly isRewrite: boolean
  readonly number: number
  readonly content: z.infer<typeof logSchema>
}

const OWN_LOG = /^weir-(rewrite|record)(?:_(\d{1,6}))?$/
/** The level that the filter of every planned feature says. */
const STORED_LEVEL = 5

/**
 * The features with the plans that the logs of Weir in the file tell. What the newest log calls copied as stored, an older one may tell; where
 * the filters are others than those of the plan, another program has been there. A log that is not what it should be counts as none.
 */
export async function addStoredPlans(
  file: FileReader,
  logs: readonly StoredDataset[],
  features: readonly FeatureReport[],
): Promise<FeatureReport[]> {
  const own = logs.filter(({ path }) => OWN_LOG.test(nameOf(path)))
  const couldHaveOne = features.some(({ filters }) => filters.some(isStoredLevel))
  if (own.length === 0 || !couldHaveOne) return [...features]
  const contents = (await readOwnLogs(file, own)).sort(compareAge)
  return features.map((feature) => {
    const plan = findPlan(feature.name, contents)
    return plan !== undefined && isOf(plan, feature) ? { ...feature, plan } : feature
  })
}

async function readOwnLogs(file: FileReader, logs: readonly StoredDataset[]): Promise<OwnLog[]> {
  const pool = createFilterPool({ threads: 1 })
  const fallback = new H5wasmFallback(file.path)
  try {
    const contents: OwnLog[] = []
    for (const log of logs) {
      const [, task, number = '1'] = OWN_LOG.exec(nameOf(log.path)) ?? []
      const lines = await readSoundLines(file, log, { pool, fallback })
      const content = parseLog(lines.join(''))
      if (content !== undefined)
        contents.push({ isRewrite: task === 'rewrite', number: Number(number), content })
    }
    return contents
  } finally {
    await fallback.close()
    await pool.close()
  }
}

/** None of a log that cannot be read. Passes on mistakes of Weir itself. */
async function readSoundLines(
  file: FileReader,
  log: StoredDataset,
  parts: Parameters<typeof DatasetReader.open>[2],
): Promise<readonly string[]> {
  try {
    return await readLines(file.path, await DatasetReader.open(file, log, parts))
  } catch (thrown) {
    if (thrown instanceof WeirError && thrown.tag !== 'Internal') return []
    throw thrown
  }
}

function parseLog(text: string): OwnLog['content'] | undefined {
  try {
    return logSchema.safeParse(JSON.parse(text)).data
  } catch {
    // No JSON: somebody else wrote it.
    return undefined
  }
}

/** The newest first. */
function compareAge(one: OwnLog, other: OwnLog): number {
  const [time, otherTime] = [one, other].map(({ content: { utc } }) => `${utc.date} ${utc.time}`)
  if (time !== otherTime) return time! < otherTime! ? 1 : -1
  return other.number - one.number || Number(other.isRewrite) - Number(one.isRewrite)
}

function findPlan(name: string, logs: readonly OwnLog[]): StoredPlan | undefined {
  for (const { content } of logs) {
    const { 'storage plan': plans, 'copied as stored': copied } = content.result
    if (Object.hasOwn(plans, name)) return plans[name]
    if (!copied.includes(name)) return undefined
  }
  return undefined
}

/** Are the filters those of the plan? */
function isOf({ order }: StoredPlan, { filters }: FeatureReport): boolean {
  const shuffle = filters.find(({ id }) => id === FILTER.shuffle)
  const isShuffled =
    order === 'plain'
      ? shuffle === undefined
      : shuffle !== undefined && (order === 'frame') === (shuffle.isByFrame ?? false)
  return isShuffled && filters.some(isStoredLevel)
}

function isStoredLevel({ id, values }: FeatureReport['filters'][number]): boolean {
  return id === FILTER.zstd && values[0] === STORED_LEVEL
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
