import type { FileReport } from '../read/inspect-file.ts'
import { formatBytes, formatCount } from '../job-process/format-quantity.ts'
import { escapeText } from '../jobs/safe-text.ts'
import { describeStoredFilter } from '../read/describe-stored-filter.ts'

type FeatureReport = FileReport['features'][number]
type BasinReport = FileReport['basins'][number]

const LONGEST_VALUE = 160

/** A file for people, as `weir inspect` prints it. Warnings are not in it: they go to standard error. */
export function describeReport(report: FileReport): string {
  const sections = [
    describeHead(report),
    describeSection('Attributes', Object.entries(report.attributes).map(describeAttribute)),
    describeFeatures(report.features),
    describeSection(
      'Logs',
      report.logs.map(({ name, lineCount }) => [name, formatCount(lineCount, 'line')]),
    ),
    describeSection('Tables', report.tables.map(describeTable)),
    describeSection('Basins', report.basins.map(describeBasin)),
    describeSection(
      'Other groups',
      report.otherGroups.map((name) => [name]),
    ),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function describeHead({ path, bytes, events, identifier }: FileReport): string {
  const rows = [
    ['size', bytes < 1000 ? formatBytes(bytes) : `${formatBytes(bytes)} (${bytes} bytes)`],
    ['events', events === null ? 'unclear: the features disagree' : String(events)],
    ['identifier', identifier ?? 'none'],
  ]
  return [escapeText(path), ...alignColumns(rows)].join('\n')
}

function describeSection(title: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  return [`${title} (${rows.length})`, ...alignColumns(rows)].join('\n')
}

function describeFeatures(features: readonly FeatureReport[]): string {
  if (features.length === 0) return 'Features (0)'
  const isPlanned = features.some(({ plan }) => plan !== undefined)
  const head = ['name', 'shape', 'type', 'chunks', 'filters', 'stored', ...(isPlanned ? ['encoder'] : [])]
  const rows = features.map(({ name, shape, dtype, chunks, filters, storedBytes, plan }) => [
    name,
    shape === null ? 'empty' : formatShape(shape),
    dtype ?? 'group',
    chunks === null ? '-' : formatShape(chunks),
    filters.length === 0 ? '-' : filters.map(describeStoredFilter).join(', '),
    storedBytes === null ? '-' : formatBytes(storedBytes),
    ...(isPlanned ? [plan?.zstd ?? '-'] : []),
  ])
  return [`Features (${features.length})`, ...alignColumns([head, ...rows])].join('\n')
}

function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join(' x ')
}

function describeAttribute([name, value]: [string, unknown]): readonly string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const isLong = text.length > LONGEST_VALUE
  return [name, isLong ? `${text.slice(0, LONGEST_VALUE)}... (${text.length} characters)` : text]
}

function describeTable({ name, shape, columns }: FileReport['tables'][number]): readonly string[] {
  return [name, formatShape(shape), columns === null ? '' : columns.join(', ')]
}

function describeBasin(basin: BasinReport): readonly string[] {
  const { name, key, type, format, mapping, features, paths, urls, found } = basin
  const what = features === null ? 'all features' : features.join(', ')
  const places = [...paths, ...urls].join(', ')
  // An internal basin is in this very file, so there is nothing to be found.
  const isMissing = type === 'file' && found === null
  return [
    name ?? key,
    `${type} (${format})`,
    `mapping ${mapping}`,
    what,
    isMissing ? `${places} (not found)` : places,
  ]
}

/** Columns as wide as their widest cell, two spaces apart, indented; every cell safe to print. */
function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => escapeText(cell)))
  const widths: number[] = []
  for (const row of cells) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  return cells.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  )
}
