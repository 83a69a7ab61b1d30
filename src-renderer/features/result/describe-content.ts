import type { ComposerTranslation } from 'vue-i18n'
import type { OutcomeFigures } from '../../../src-preload/contract.ts'
import { formatBytes, formatCount, formatPercent, formatRatio } from '../../ui/format-figures.ts'
import { assertNever } from '../../assert-never.ts'
import type { SizeComparison } from './compare-sizes.ts'

/** One line of what is in an output. */
export interface ContentLine {
  readonly name: 'events' | 'features' | 'logs' | 'tables' | 'basins'
  readonly text: string
  /** What of it is not there, or came from elsewhere; empty: nothing. */
  readonly note: string
  readonly isPartly: boolean
}

const MOST_NAMES = 6

/** What is in an output, and how much of its input that is. */
export function listContent(figures: OutcomeFigures, t: ComposerTranslation): readonly ContentLine[] {
  const { events, content } = figures
  if (content === null) return [{ name: 'events', text: formatCount(events), note: '', isPartly: false }]
  const { inputEvents, features, leftOut, copiedIn } = content
  const notes = [
    ...(leftOut.length === 0 ? [] : [t('result.content.leftOut', { names: listNames(leftOut, t) })]),
    ...(copiedIn === 0 ? [] : [t('result.content.copiedIn', { count: formatCount(copiedIn) }, copiedIn)]),
  ]
  return [
    { ...countLine('events', { kept: events, total: inputEvents }, t), note: '' },
    { ...countLine('features', features, t), note: notes.join(' ') },
    ...(['logs', 'tables', 'basins'] as const).flatMap((name) =>
      content[name].total === 0 ? [] : { ...countLine(name, content[name], t), note: '' },
    ),
  ]
}

function countLine<Name extends ContentLine['name']>(
  name: Name,
  { kept, total }: { readonly kept: number; readonly total: number },
  t: ComposerTranslation,
) {
  const counts = { kept: formatCount(kept), total: formatCount(total) }
  // A list of events may name one of them more than once.
  if (kept > total) return { name, text: t('result.content.repeated', counts), isPartly: false }
  return { name, text: t('result.content.of', counts), isPartly: kept < total }
}

function listNames(names: readonly string[], t: ComposerTranslation): string {
  const shown = names.slice(0, MOST_NAMES).join(', ')
  const more = names.length - MOST_NAMES
  return more <= 0 ? shown : t('result.content.more', { names: shown, count: formatCount(more) })
}

/** The difference in size in words. */
export function describeSizes(compared: SizeComparison, t: ComposerTranslation): string {
  switch (compared.kind) {
    case 'smaller':
    case 'larger':
    case 'same':
      return t(`result.size.${compared.kind}`, {
        percent: formatPercent(compared.share),
        ratio: formatRatio(compared.ratio),
        saved: formatBytes(Math.abs(compared.savedBytes)),
      })
    case 'partly': {
      const { leftOutBytes, savedBytes } = compared
      const figures = { leftOut: formatBytes(leftOutBytes), saved: formatBytes(Math.abs(savedBytes)) }
      return t(savedBytes < 0 ? 'result.size.partlyLarger' : 'result.size.partly', figures)
    }
    case 'copiedIn':
    case 'unclear':
      return t(`result.size.${compared.kind}`)
    default:
      return assertNever(compared)
  }
}
