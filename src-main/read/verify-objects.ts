import { throwIfCancelled } from '../errors.ts'
import { elementCount, hasVariableParts } from '../hdf5/model.ts'
import { showName } from '../hdf5/reading/damage.ts'
import { joinPath } from '../hdf5/reading/file-reader.ts'
import type { Link, StoredDataset, StoredGroup } from '../hdf5/reading/stored-object.ts'
import { checkContour } from './check-contours.ts'
import { readChild } from './children.ts'
import type { Child } from './children.ts'
import { StorageCensus } from './check-storage.ts'
import { isDimensionReference } from './dimension-references.ts'
import { levelOf } from './finding.ts'
import type { Finding, FindingList } from './finding.ts'
import { GroupGraph } from './link-cycles.ts'
import type { ValueInspector } from './value-inspector.ts'
import { toFinding, verifyValues } from './verify-values.ts'
import type { ValueContext } from './verify-values.ts'

export interface ObjectContext extends ValueContext {
  readonly findings: FindingList
  /** What looks at the values of a dataset beside reading them. */
  chooseInspectors(dataset: StoredDataset): readonly ValueInspector[]
}

/** Links of a group that are followed at once: headers of thousands of contours lie side by side. */
const LINKS_AT_ONCE = 32
/** Datasets up to this size are read side by side. */
const SMALL_BYTES = 2 ** 18

/**
 * Walks the whole file, from each of `groups` on, every object once, and reads all values. An object with several names is met by the
 * name that comes first: so `events` is to be walked before the root. Damage goes to the findings; the walk goes on with the other
 * objects. Throws Cancelled.
 */
export async function verifyObjects(
  context: ObjectContext,
  groups: readonly StoredGroup[],
): Promise<StorageCensus> {
  const census = new StorageCensus()
  const visited = new Set(groups.map((group) => group.address))
  const met: Met = { visited, groups: new Set(visited), graph: new GroupGraph() }
  const waiting = groups.toReversed()
  for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
    checkRefused(context, group)
    for (const links of cutList(group.links, LINKS_AT_ONCE)) {
      throwIfCancelled(context.signal)
      const fresh = await followLinks(context, group, { links, ...met })
      for (const child of fresh) if (child.kind === 'group') waiting.push(child)
      const datasets = fresh.filter((child) => child.kind === 'dataset')
      for (const dataset of datasets) {
        census.add(dataset)
        checkRefused(context, dataset)
      }
      await verifyDatasets(context, datasets)
    }
  }
  reportCycles(context, met.graph)
  return census
}

/** Files may be so, and Weir ends on them; dclab's checks do not. */
function reportCycles({ findings }: ObjectContext, graph: GroupGraph): void {
  for (const path of graph.listCycles()) {
    const message = `${path} is a link to a group that holds it: programs that walk through all groups do not end, dclab's checks among them`
    findings.add('V_LINK', path, message)
  }
}

function* cutList<T>(list: readonly T[], count: number): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += count) yield list.slice(start, start + count)
}

/** Addresses that were met; grows. */
interface Met {
  readonly visited: Set<number>
  /** Those of groups. */
  readonly groups: Set<number>
  readonly graph: GroupGraph
}

interface Links extends Met {
  readonly links: readonly Link[]
}

/** Objects behind some links of a group that were not met before; the rest goes to the findings. */
async function followLinks(
  context: ObjectContext,
  group: StoredGroup,
  { links, visited, groups, graph }: Links,
): Promise<(StoredGroup | StoredDataset)[]> {
  const unmet = links.filter((link) => link.kind !== 'hard' || !visited.has(link.address))
  for (const link of links) {
    if (link.kind !== 'hard' || !groups.has(link.address)) continue
    graph.add(group.address, { target: link.address, path: joinPath(group.path, link.name) })
  }
  const children = await Promise.all(unmet.map((link) => readChild(context.file, group, link)))
  const fresh: (StoredGroup | StoredDataset)[] = []
  for (const child of children) {
    if (child.kind !== 'object') context.findings.addFinding(describeChild(child))
    else if (child.object.kind !== 'datatype') {
      const { kind, address, path } = child.object
      if (kind === 'group') {
        groups.add(address)
        graph.add(group.address, { target: address, path })
      }
      if (visited.has(address)) continue
      visited.add(address)
      fresh.push(child.object)
      checkContour(child.object, context.findings)
    }
  }
  return fresh
}

function describeChild(child: Exclude<Child, { readonly kind: 'object' }>): Finding {
  if (child.kind === 'damaged') return toFinding(child.damaged.error, child.damaged.path)
  const { warning, path } = child.leftOut
  // Spec: values in other files are no part of a measurement. On links that lead nowhere and committed types dclab's checks fail.
  const code = warning.code.replace(/^W_/, 'V_')
  return { level: levelOf(code), code, message: warning.message, object: path }
}

function checkRefused(context: ObjectContext, object: StoredGroup | StoredDataset): void {
  for (const refused of object.refused) {
    const { name, reason, error } = refused
    // The census counts these.
    if (object.kind === 'dataset' && isDimensionReference(refused)) continue
    if (error !== undefined) {
      const finding = toFinding(error, object.path)
      const message = `attribute ${showName(name)} cannot be read: ${finding.message}`
      context.findings.addFinding({ ...finding, message })
      continue
    }
    context.findings.add(
      'H_ATTRIBUTE',
      object.path,
      `${joinPath(object.path, `@${name}`)}: Weir cannot carry this attribute: ${reason}`,
    )
  }
}

/** Small ones side by side, large ones one after the other; findings come in the order of the datasets. */
async function verifyDatasets(context: ObjectContext, datasets: readonly StoredDataset[]): Promise<void> {
  const isSmall = (dataset: StoredDataset): boolean =>
    elementCount(dataset.dataspace) * dataset.datatype.size <= SMALL_BYTES &&
    !hasVariableParts(dataset.datatype)
  const small = new Map(datasets.filter(isSmall).map((dataset) => [dataset, verifyDataset(context, dataset)]))
  // One that fails while another is awaited is reported below, or the walk ends with the first failure.
  await Promise.allSettled(small.values())
  for (const dataset of datasets) {
    const { damage, inspectors } = await (small.get(dataset) ?? verifyDataset(context, dataset))
    context.findings.addAll(damage)
    for (const inspector of inspectors) inspector.report(context.findings, damage.length === 0)
  }
}

interface DatasetResult {
  readonly damage: readonly Finding[]
  readonly inspectors: readonly ValueInspector[]
}

async function verifyDataset(context: ObjectContext, dataset: StoredDataset): Promise<DatasetResult> {
  const inspectors = context.chooseInspectors(dataset)
  const damage = await verifyValues(context, dataset, inspectors)
  return { damage, inspectors }
}
