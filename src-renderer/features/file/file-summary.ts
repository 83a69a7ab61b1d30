import type { FileView } from '../../../src-preload/contract.ts'
import { formatBytes, formatCount } from '../../ui/format-figures.ts'

export type SummaryKey = 'events' | 'bytes' | 'identifier' | 'sample' | 'date' | 'run' | 'region' | 'software'

export interface SummaryLine {
  readonly key: SummaryKey
  /** Null: the file does not say, and that is worth saying. */
  readonly text: string | null
}

/** What one wants to know of a measurement first. What the file does not say is left out, but for events and identifier. */
export function summarizeFile(view: FileView): readonly SummaryLine[] {
  const attributes = new Map(view.attributes.map(({ name, text }) => [name, text.trim()]))
  const date = [attributes.get('experiment:date'), attributes.get('experiment:time')]
    .filter(Boolean)
    .join(', ')
  const said: readonly (readonly [SummaryKey, string | undefined])[] = [
    ['sample', attributes.get('experiment:sample')],
    ['date', date],
    ['run', attributes.get('experiment:run index')],
    ['region', attributes.get('setup:chip region')],
    ['software', attributes.get('setup:software version')],
  ]
  return [
    { key: 'events', text: view.events === null ? null : formatCount(view.events) },
    { key: 'bytes', text: formatBytes(view.bytes) },
    ...said.flatMap(([key, text]) => (text === undefined || text === '' ? [] : [{ key, text }])),
    { key: 'identifier', text: view.identifier },
  ]
}

export interface AttributeSection {
  /** As `experiment`; empty: the names have no colon. */
  readonly name: string
  readonly attributes: readonly { readonly key: string; readonly name: string; readonly text: string }[]
}

/** Attributes under the section that their names begin with. */
export function listSections(attributes: FileView['attributes']): readonly AttributeSection[] {
  const sections = new Map<string, AttributeSection['attributes'][number][]>()
  for (const { name, text } of attributes) {
    const colon = name.indexOf(':')
    const section = colon < 0 ? '' : name.slice(0, colon)
    const list = sections.get(section) ?? []
    list.push({ key: name.slice(colon + 1), name, text })
    sections.set(section, list)
  }
  return [...sections].map(([name, list]) => ({ name, attributes: list }))
}
