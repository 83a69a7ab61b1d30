import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import type { Warning } from '../../../src-main/errors.ts'
import { checkRewrite } from '../../../src-main/job-process/check-rewrite.ts'
import { rewriteJobSchema, type RewriteJob } from '../../../src-main/jobs/job-schema.ts'
import type { Measurement } from '../../../src-main/read/measurement.ts'
import { readNumbers } from '../../../src-main/read/read-numbers.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import type { ReferrerPlan } from '../read/basin-fixture.ts'
import { getPool, lookInto } from '../read/measurement-fixture.ts'
import { makeContext, rewrite } from './job-fixture.ts'

export type Settings = Partial<RewriteJob>
export const range = (start: number, stop: number | null, step = 1): Settings => ({
  events: { kind: 'range', start, stop, step },
})
export const FILL = { basins: 'fill' } as const

export interface Rewritten {
  readonly output: string
  readonly warnings: readonly Warning[]
  /** Values of every 1-D feature. */
  readonly features: Readonly<Record<string, readonly number[]>>
  /** Fields of every definition, by key. */
  readonly basins: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** Runs a rewrite beside its input and reads the output. */
export async function run(
  input: string,
  settings: Settings,
  output = join(dirname(input), 'out.rtdc'),
): Promise<Rewritten> {
  const { warnings } = await rewrite({ input, output, ...settings }, makeContext(getPool()))
  return lookInto(output, async (measurement) => {
    const basins = Object.fromEntries(measurement.basins.map(({ key, fields }) => [key, fields]))
    return { output, warnings, features: await readScalars(measurement), basins }
  })
}

async function readScalars(measurement: Measurement): Promise<Record<string, number[]>> {
  const values: Record<string, number[]> = {}
  for (const feature of measurement.features) {
    if (feature.kind !== 'scalar') continue
    const [dataset] = feature.datasets
    const reader = await measurement.openReader(dataset)
    values[feature.name] = [
      ...(readNumbers(dataset.datatype, await reader.readRows(0, reader.rowCount)) ?? []),
    ]
  }
  return values
}

/** Expects that the job is refused and nothing is written. */
export async function refuse(
  input: string,
  settings: Settings,
  code: string,
): Promise<Error & { readonly object?: string | undefined }> {
  const output = join(dirname(input), 'out.rtdc')
  const before = await readdir(dirname(input))
  const job = rewriteJobSchema.parse({ task: 'rewrite', input, output, ...settings })
  const error = await expectRejection(checkRewrite(job, makeContext(getPool())), code)
  expect(await readdir(dirname(input))).toEqual(before)
  return error
}

export const codes = ({ warnings }: Rewritten): string[] => warnings.map(({ code }) => code)

export const BIG: ReferrerPlan = {
  features: {
    deform: [10, 11, 12, 13, 14, 15],
    area_um: [20, 21, 22, 23, 24, 25],
    index: [1, 2, 3, 4, 5, 6],
  },
}
/** Refers to four rows of the big file. */
export const MAPPED = { identifier: 'run-1_sub', mappings: { basinmap0: [5, 0, 0, 3] } } as const
