import type { ComposerTranslation } from 'vue-i18n'
import type { EventChoice, FileView, Token } from '../../../src-preload/contract.ts'
import { assertNever } from '../../assert-never.ts'
import { formatCount } from '../../ui/format-figures.ts'
import { findAim } from './compression-presets.ts'
import { shareValue } from './shared-value.ts'
import {
  type BasinsItem,
  isBasinFile,
  isRewrite,
  type RecordItem,
  type RewriteItem,
  selectsEvents,
  type SheetItem,
  writesData,
} from './sheet-item.ts'
import type { SheetSection } from './use-sheet-store.ts'

interface SummaryContext {
  readonly t: ComposerTranslation
  readonly readView: (token: Token) => FileView | null
}

/** What a folded section says beside its title: the setting in a few words, or that the jobs differ. */
export function summarizeSection(
  section: SheetSection,
  items: readonly SheetItem[],
  context: SummaryContext,
): string {
  const texts = listTexts(section, items, context)
  if (texts.length === 0) return ''
  return shareValue(texts)?.value ?? context.t('sheet.mixed')
}

function listTexts(
  section: SheetSection,
  items: readonly SheetItem[],
  context: SummaryContext,
): readonly string[] {
  const { t } = context
  const rewrites = items.filter(isRewrite)
  switch (section) {
    case 'features':
      return rewrites.map((item) => describeFeatures(item, t))
    case 'events':
      return items.filter(selectsEvents).map((item) => describeEvents(item, t))
    case 'compression':
      return items.filter(writesData).map((item) => describeCompression(item, t))
    case 'basins':
      return rewrites.map((item) => describeBasins(item, context))
    case 'metadata':
      return rewrites.map((item) => describeMetadata(item, t))
    case 'recording':
      return []
    case 'paths':
      return items.filter(isBasinFile).map((item) => t(`sheet.paths.${item.settings.paths}.title`))
    case 'output':
      return items.map(({ output: { folder, template } }) =>
        folder === null ? template : `${template} – ${folder}`,
      )
    case 'verification':
      return items
        .filter(writesData)
        .map(({ settings: { verify } }) => t(`sheet.verification.${verify}.short`))
    default:
      return assertNever(section)
  }
}

function describeFeatures({ settings: { features } }: RewriteItem, t: ComposerTranslation): string {
  if (typeof features === 'string') return t(`sheet.features.${features}`)
  return t('sheet.features.chosenCount', { count: formatCount(features.length) }, features.length)
}

function describeEvents(item: RewriteItem | BasinsItem, t: ComposerTranslation): string {
  const choice = describeChoice(item.settings.events, t)
  if (item.task === 'basins') return choice
  const { lengths, holes } = item.settings
  return [
    choice,
    ...(lengths === 'cut' ? [t('sheet.events.commonRowsShort')] : []),
    ...(holes === 'fill' ? [t('sheet.events.fillHolesShort')] : []),
  ].join(', ')
}

function describeChoice(events: EventChoice, t: ComposerTranslation): string {
  if (events.kind !== 'range') return t(`sheet.events.${events.kind}`)
  const { start, stop, step } = events
  return `${start}:${stop ?? ''}${step === 1 ? '' : `:${step}`}`
}

function describeCompression(
  { settings: { compression } }: RewriteItem | RecordItem,
  t: ComposerTranslation,
): string {
  const { codec, level, byFrame } = compression
  const aim = findAim(compression)
  if (aim === null) return codec === 'none' ? t('sheet.compression.codecs.none') : `${codec} ${level}`
  const name = t(`sheet.compression.${aim}.title`)
  return byFrame ? t('sheet.compression.byFrame.short', { name }) : name
}

function describeMetadata({ settings: { metadata } }: RewriteItem, t: ComposerTranslation): string {
  const kept = (['attributes', 'logs', 'tables'] as const).filter((part) => metadata[part])
  if (kept.length === 3) return t('sheet.metadata.all')
  if (kept.length === 0) return t('sheet.metadata.nothing')
  return kept.map((part) => t(`sheet.metadata.${part}`)).join(', ')
}

function describeBasins(
  { input, settings: { basins } }: RewriteItem,
  { t, readView }: SummaryContext,
): string {
  const choice = t(`sheet.basins.${basins}.title`)
  const count = input === null ? 0 : (readView(input.token)?.basins.length ?? 0)
  return count === 0 ? choice : t('sheet.basins.withCount', { choice, count: formatCount(count) }, count)
}
