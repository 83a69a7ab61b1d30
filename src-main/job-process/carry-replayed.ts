import { shapeOf } from '../hdf5/model.ts'
import type { StoredDataset, StoredGroup } from '../hdf5/reading/stored-object.ts'
import type { DatasetWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'
import type { ContourFeature } from '../read/feature-info.ts'
import { isIndexName } from '../read/read-features.ts'
import { CopiedObjects } from '../write/copied-objects.ts'
import { copyAttributes } from '../write/copy-attributes.ts'
import { copyTree, type DatasetCopier } from '../write/copy-object.ts'
import type { CopyOptions } from '../write/copy-options.ts'
import { copyStrings } from '../write/copy-strings.ts'
import { copyTable } from '../write/copy-table.ts'
import { copyObject } from './copy-beside-events.ts'
import { toDatasetKeywords } from './filter-settings.ts'
import { writeOrLeaveOut } from './leave-out.ts'
import { copyContour } from './prepare-features.ts'
import type { RecordMetadata } from './record-metadata.ts'
import type { ReplaySource } from './replay-source.ts'
import { isStatistic } from './statistics.ts'

export type ReplayedMetadata = RecordMetadata & { readonly measurement: ReplaySource['measurement'] }

/**
 * Carries what a replayed measurement has beside the values of its stream: attributes of every object, contours, logs, tables and groups
 * that the format does not know. Each part that cannot be carried is left out with a warning; basins are named only.
 */
export async function carryReplayed(work: ReplayedMetadata): Promise<void> {
  await new ReplayedParts(work).carry()
}

class ReplayedParts {
  readonly #work: ReplayedMetadata
  readonly #options: CopyOptions

  constructor(work: ReplayedMetadata) {
    this.#work = work
    this.#options = {
      pool: work.pool,
      dsKwds: toDatasetKeywords(work.order.job.compression),
      fallback: work.measurement.fallback,
      missingChunks: work.source.holes,
      reportWarning: work.warnings.report,
      copied: new CopiedObjects(),
      failures: 'leave-out',
    }
  }

  async carry(): Promise<void> {
    const { measurement, output } = this.#work
    const { structure } = measurement
    await this.#carryAttributes(measurement.root, output.writer.root)
    await this.#carryFeatures()
    await this.#carrySection(structure.logs.group, copyStrings)
    await this.#carrySection(structure.tables.group, copyTable)
    for (const object of structure.otherObjects) {
      const name = object.path.slice(object.path.lastIndexOf('/') + 1)
      const target = { group: output.writer.root, name }
      await this.#carry(object.path, target, () =>
        copyObject(measurement, object, target, { ...this.#options, missingChunks: 'fill' }),
      )
    }
    this.#nameBasins()
  }

  async #carryFeatures(): Promise<void> {
    const { measurement, output } = this.#work
    const events = output.writer.root.requireGroup('events')
    await this.#carryAttributes(measurement.events, events)
    for (const { feature, of } of this.#work.source.linked ?? []) {
      const made = events.child(of)
      if (made !== undefined) events.addHardLink(feature.name, made)
    }
    for (const feature of measurement.features) {
      const made = events.child(feature.name)
      if (feature.kind === 'contour') await this.#carryContours(feature, events)
      else if (feature.kind === 'trace' && made?.kind === 'group')
        await this.#carryAttributes(feature.group, made)
      if (feature.kind === 'contour' || made === undefined) continue
      for (const dataset of feature.datasets) await this.#carryFeatureAttributes(dataset)
    }
  }

  async #carryFeatureAttributes(dataset: StoredDataset): Promise<void> {
    const made = this.#work.output.writer.find(dataset.path)
    if (made?.kind !== 'dataset') return
    if (shapeOf(dataset.dataspace)[0] === this.#work.events) {
      this.#options.copied?.remember(dataset.address, made)
      await this.#carryAttributes(dataset, made)
      return
    }
    const left = dataset.attributes.filter(({ name }) => isStatistic(name))
    await this.#carryAttributes(
      { ...dataset, attributes: dataset.attributes.filter(({ name }) => !isStatistic(name)) },
      made,
    )
    for (const { name } of left)
      this.#report(`${dataset.path}@${name}`, 'it tells of all events of the source')
  }

  /** Spec: one dataset an event, named by it: one that cannot be carried leaves the others what they are. */
  async #carryContours({ group }: ContourFeature, events: GroupWriter): Promise<void> {
    const { measurement, events: count } = this.#work
    if (count === 0) return
    const isWhole = group.links.length === count
    const links = isWhole ? group.links : group.links.filter(({ name }) => isIndexName(name, count))
    const made = events.requireGroup('contour')
    await this.#carryAttributes(group, made)
    const only = { ...group, links, attributes: [], refused: [] }
    await this.#carry(group.path, { group: events, name: 'contour' }, () =>
      copyTree(measurement.file, only, made, { ...this.#options, copyDataset: copyContour }),
    )
  }

  /** Logs or tables, each by itself. */
  async #carrySection(section: StoredGroup | undefined, copier: DatasetCopier): Promise<void> {
    if (section === undefined || (section.links.length === 0 && section.attributes.length === 0)) return
    const { measurement, output } = this.#work
    const group = output.writer.root.requireGroup(section.path.slice(1))
    await this.#carryAttributes(section, group)
    for (const link of section.links) {
      const only = { ...section, links: [link], attributes: [], refused: [] }
      await this.#carry(`${section.path}/${link.name}`, { group, name: link.name }, () =>
        copyTree(measurement.file, only, group, { ...this.#options, copyDataset: copier }),
      )
    }
  }

  async #carryAttributes(
    source: StoredGroup | StoredDataset,
    target: GroupWriter | DatasetWriter,
  ): Promise<void> {
    const { path } = this.#work.measurement
    const options = { path, reportWarning: this.#work.warnings.report, override: true }
    for (const attribute of source.attributes) {
      const only = { ...source, attributes: [attribute], refused: [] }
      const object = `${source.path}@${attribute.name}`
      await writeOrLeaveOut({ path, object, write: () => copyAttributes(only, target, options) }, this.#work)
    }
    copyAttributes({ ...source, attributes: [] }, target, options)
  }

  #carry(
    object: string,
    { group, name }: { readonly group: GroupWriter; readonly name: string },
    write: () => Promise<void>,
  ): Promise<void> {
    const { path } = this.#work.measurement
    const undo = (): void => {
      if (group.links.has(name)) group.removeChild(name)
    }
    return writeOrLeaveOut({ path, object, write, undo }, this.#work)
  }

  /** Their events are not in the stream, and their mappings count the rows of another file. */
  #nameBasins(): void {
    const { structure } = this.#work.measurement
    for (const { group } of [structure.basins, structure.basinEvents])
      if (group !== undefined)
        this.#report(group.path, 'basins are no part of the stream; rewrite the file to keep them')
  }

  #report(object: string, reason: string): void {
    const { path } = this.#work.measurement
    const message = `${object} of ${path} is left out of the recording: ${reason}`
    this.#work.warnings.report({ code: 'W_LEFT_OUT', message, path, object })
  }
}
