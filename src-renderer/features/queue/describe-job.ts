import type { ComposerTranslation } from 'vue-i18n'
import type { QueueRow } from '../../../src-preload/contract.ts'
import { formatCount } from '../../ui/format-figures.ts'
import { nameFile } from '../../ui/name-file.ts'

/** A row in few words, for the table and for screen readers. */

type Job = QueueRow['job']

/** As `zstd 5, all features, verified`. */
export function describeSettings(job: Job, t: ComposerTranslation): string {
  if (job.task === 'basins') return describeBasinFile(job, t)
  const { codec, level } = job.compression
  const compression = codec === 'none' ? t('queue.settings.uncompressed') : `${codec} ${level}`
  return [compression, ...describeTask(job, t), t(`queue.settings.verify.${job.verify}`)].join(', ')
}

/** What a row is called: its input, or its output where it has none. */
export function nameRow({ input, job }: QueueRow): string {
  return nameFile(input?.path ?? job.output)
}

/** As `refers to 2 files, absolute and relative paths`. */
function describeBasinFile(
  { sources, paths, events }: Extract<Job, { task: 'basins' }>,
  t: ComposerTranslation,
): string {
  const parts = [
    t('queue.settings.basins.sources', { count: formatCount(sources.length) }, sources.length),
    t(`queue.settings.basins.${paths}`),
    ...(events.kind === 'all' ? [] : [t('queue.settings.someEvents')]),
  ]
  return parts.join(', ')
}

function describeTask(job: Exclude<Job, { task: 'basins' }>, t: ComposerTranslation): string[] {
  if (job.task === 'record') return [t(`queue.settings.${job.source.kind}`)]
  const features =
    typeof job.features === 'string'
      ? t(`queue.settings.features.${job.features}`)
      : t('queue.settings.features.list', { count: formatCount(job.features.length) }, job.features.length)
  return [
    features,
    ...(job.events.kind === 'all' ? [] : [t('queue.settings.someEvents')]),
    ...(job.relink.length === 0
      ? []
      : [t('queue.settings.relinked', { count: formatCount(job.relink.length) }, job.relink.length)]),
  ]
}
