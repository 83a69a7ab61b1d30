import { resolve } from 'node:path'
import type { Warning } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { elementCount } from '../hdf5/model.ts'
import type { StoredDataset, StoredGroup } from '../hdf5/reading/stored-object.ts'
import type { AttributeView, FeatureView, FileView } from '../jobs/file-view.ts'
import { fitWarning } from '../jobs/job-report.ts'
import type { FeatureInfo } from '../read/feature-info.ts'
import { isBasinmap } from '../read/feature-names.ts'
import { describeStoredFilter } from '../read/describe-stored-filter.ts'
import {
  describeLog,
  describeTable,
  inspectContents,
  requireKnown,
  toWarning,
  warnAboutRefused,
  type FileInspection,
  type InspectedFeature,
} from '../read/inspect-file.ts'
import { makeWarning } from '../read/make-warning.ts'
import { BasinSearch, nameInternalFeatures } from './look-for-basins.ts'
import { NestedBasins } from './nested-basins.ts'
import { showName, showText, TextBudget } from './show-text.ts'
import { showAttribute } from './show-value.ts'
import { VIEW_LIMITS } from './view-limits.ts'

/**
 * What a file holds, bounded and harmless for display; only `choice` of a feature and the paths to confirm are exact. Mapping features are
 * left out: they travel with their basins and cannot be chosen. Throws what `inspectFile` throws.
 */
export async function describeFile(
  disk: DiskPort,
  path: string,
  folders: readonly string[],
): Promise<FileView> {
  return new FileDescription(path, await inspectContents(disk, path)).compose(disk, folders)
}

class FileDescription {
  readonly #texts = new TextBudget()
  readonly #warnings: Warning[]

  constructor(
    readonly path: string,
    readonly inspection: FileInspection,
  ) {
    this.#warnings = [...inspection.warnings]
  }

  async compose(disk: DiskPort, folders: readonly string[]): Promise<FileView> {
    const { structure, bytes, events, identifier, features, otherGroups } = this.inspection
    const basins = await this.#describeBasins(disk, folders)
    const view = {
      path: this.path,
      bytes,
      events,
      identifier: identifier === null ? null : showName(identifier),
      attributes: this.#describeAttributes(structure.root),
      features: this.#limit('features', features.flatMap(describeFeature)),
      logs: this.#limit('logs', structure.logs.datasets).map((log) => {
        const { name, lineCount } = describeLog(log)
        return { name: showName(name), lineCount }
      }),
      tables: this.#limit('tables', structure.tables.datasets).map((table) => this.#describeTable(table)),
      basins,
      otherGroups: this.#limit('otherGroups', otherGroups).map(showName),
    }
    return { ...view, warnings: this.#warnings.slice(0, VIEW_LIMITS.warnings).map(showWarning) }
  }

  async #describeBasins(disk: DiskPort, folders: readonly string[]): Promise<FileView['basins']> {
    const { structure, identifier, basins } = this.inspection
    const internalFeatures = nameInternalFeatures(structure)
    const search = await BasinSearch.open(disk, { path: this.path, identifier, internalFeatures }, folders)
    const nested = new NestedBasins(disk, { folders, texts: this.#texts, top: resolve(this.path) })
    const views = []
    for (const basin of this.#limit('basins', basins)) {
      const { view, found } = await search.describe(basin, this.#texts)
      views.push({ ...view, basins: found === null ? [] : await nested.describe(found) })
    }
    this.#warnings.push(...search.warnings)
    return views
  }

  #describeAttributes(object: StoredGroup | StoredDataset): AttributeView[] {
    if (object.kind === 'group') this.#warnings.push(...warnAboutRefused(this.path, object))
    return this.#limit('attributes', object.attributes).flatMap((attribute) => {
      try {
        return [{ name: showName(attribute.name), text: this.#texts.showText(showAttribute(attribute)) }]
      } catch (thrown) {
        this.#warnings.push(toWarning(requireKnown(thrown)))
        return []
      }
    })
  }

  #describeTable(table: StoredDataset): FileView['tables'][number] {
    const { name, shape, columns } = describeTable(table)
    return {
      name: showName(name),
      shape: [...shape],
      columns: columns?.slice(0, VIEW_LIMITS.columns).map(showName) ?? null,
      attributes: this.#describeAttributes(table),
    }
  }

  #limit<Item>(
    what: 'attributes' | 'features' | 'logs' | 'tables' | 'basins' | 'otherGroups',
    items: readonly Item[],
  ): Item[] {
    const limit = VIEW_LIMITS[what]
    if (items.length <= limit) return [...items]
    const text = `has ${items.length} ${what}, of which the first ${limit} are shown`
    this.#warnings.push(makeWarning(this.path, '/', { code: 'W_SHOWN', what: text }))
    return items.slice(0, limit)
  }
}

function describeFeature({ feature, reports }: InspectedFeature): FeatureView[] {
  if (isBasinmap(feature.name)) return []
  return reports.map((report, place) => ({
    name: showName(report.name),
    choice: feature.name,
    isScalar: feature.kind === 'scalar',
    shape: report.shape === null ? null : [...report.shape],
    dtype: report.dtype,
    filters: report.filters.map(describeStoredFilter).join(', '),
    storedBytes: report.storedBytes,
    rawBytes: countRawBytes(feature, place),
  }))
}

/** Parts of variable length not counted. Of contours nothing is known without reading each. */
function countRawBytes(feature: FeatureInfo, place: number): number | null {
  if (feature.kind === 'contour') return null
  const dataset = feature.datasets[place]
  if (dataset === undefined) return 0
  const bytes = elementCount(dataset.dataspace) * dataset.datatype.size
  return Number.isSafeInteger(bytes) ? bytes : null
}

function showWarning(warning: Warning): Warning {
  const { code, message, path, object } = warning
  return fitWarning({
    code,
    message: showText(message),
    path,
    object: object === undefined ? undefined : showName(object),
  })
}
