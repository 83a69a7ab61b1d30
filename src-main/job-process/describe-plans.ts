import type { FileWriter } from '../hdf5/writing/file-writer.ts'
import { nameEncoder } from '../write/storage-plan/candidates.ts'
import type { ByteOrder, FeaturePlan } from '../write/storage-plan/feature-plan.ts'
import { FeaturePlanner } from '../write/storage-plan/feature-planner.ts'

/** What the log says of one planned feature. */
export interface PlanRecord {
  readonly order: ByteOrder
  /** As people say it, `level 1, windowLog 11`. */
  readonly zstd: string
  /** Bytes of the sample: as they are, as this plan stores them, as plain zstd 5 does. */
  readonly sample?: FeaturePlan['sample']
}

/** Encoders and samples of all features that have a plan; nothing where none has. */
export interface PlanRecords {
  readonly 'storage plan'?: Record<string, PlanRecord>
}

/** Of a job that planned before it wrote. */
export function describePlans(
  storages: ReadonlyMap<string, { readonly plan?: FeaturePlan | undefined }>,
): PlanRecords {
  return toRecords([...storages].map(([name, { plan }]) => [name, plan]))
}

/** Of a stream, whose features were planned with their first chunks. */
export function describePlansOf(output: FileWriter): PlanRecords {
  const events = output.root.child('events')
  if (events?.kind !== 'group') return {}
  const names = events.childNames().flatMap((name) => {
    const child = events.child(name)
    return child?.kind === 'group' ? child.childNames().map((inner) => `${name}/${inner}`) : [name]
  })
  return toRecords(
    names.map((name) => {
      const child = events.child(name)
      const planner = child?.kind === 'dataset' ? child.planner : undefined
      return [name, planner instanceof FeaturePlanner ? planner.featurePlan : undefined]
    }),
  )
}

function toRecords(plans: readonly (readonly [string, FeaturePlan | undefined])[]): PlanRecords {
  const entries = plans.flatMap(([name, plan]): [string, PlanRecord][] =>
    plan === undefined ? [] : [[name, describePlan(plan)]],
  )
  return entries.length === 0 ? {} : { 'storage plan': Object.fromEntries(entries) }
}

function describePlan({ order, encoder, sample }: FeaturePlan): PlanRecord {
  return { order, zstd: nameEncoder(encoder), ...(sample && { sample }) }
}
