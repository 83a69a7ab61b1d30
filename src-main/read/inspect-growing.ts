import { Hdf5Error, type Warning } from '../errors.ts'
import type { FeatureLength } from './event-count.ts'
import type { FileWatch } from './file-watch.ts'

/** What an inspection says of a file, as far as it matters here. */
interface Inspected {
  readonly structure: { readonly lengths: readonly FeatureLength[] }
  /** Null: the features do not agree. */
  readonly events: number | null
  readonly warnings: readonly Warning[]
}

/**
 * Inspects a file, again and again where it is being written and something seems damaged. If that lasts the damage is told as E_GROWING beside
 * the report of the rest. The features of such a file need not agree: the events are those that all of them have (W_GROWING).
 */
export async function inspectGrowing<T extends Inspected>(
  watch: FileWatch,
  inspect: () => Promise<T>,
): Promise<T> {
  let last: { readonly report: T; readonly at: Date } | undefined
  const inspectOnce = async (): Promise<T> => {
    const at = new Date()
    const report = await inspect()
    await watch.look()
    last = { report, at }
    const damage = watch.isGrowing ? report.warnings.find(isOfWriter) : undefined
    if (damage === undefined) return report
    const { code, message, object } = damage
    throw new Hdf5Error(code, message, { path: watch.path, object })
  }
  let report: T
  try {
    report = await watch.read(inspectOnce)
  } catch (thrown) {
    if (last === undefined || !(thrown instanceof Hdf5Error && thrown.code === 'E_GROWING')) throw thrown
    report = last.report
  }
  return watch.isGrowing ? tellGrowing(report, { watch, at: last?.at ?? new Date() }) : report
}

function isOfWriter({ code }: Warning): boolean {
  return code.startsWith('E_') && code !== 'E_LEN'
}

function tellGrowing<T extends Inspected>(
  report: T,
  { watch, at }: { readonly watch: FileWatch; readonly at: Date },
): T {
  const lengths = report.structure.lengths.map(({ length }) => length)
  const events = report.events ?? (lengths.length === 0 ? 0 : Math.min(...lengths))
  const others = report.warnings.filter(({ code }) => code !== 'E_LEN')
  const warnings = others.map((warning) => {
    if (!isOfWriter(warning)) return warning
    const { path, object } = warning
    return { code: 'E_GROWING', message: watch.describeTrouble(toError(warning)).message, path, object }
  })
  return { ...report, events, warnings: [...warnings, watch.describe(events, at)] }
}

function toError({ code, message, path, object }: Warning): Hdf5Error {
  return new Hdf5Error(code, message, { path, object })
}
