import type { FileView } from '../../../src-preload/contract.ts'

/** The contents of which something has the text in its name; of attributes the value counts, of tables the columns, of basins the paths. */
export function searchContents(view: FileView, text: string): FileView {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return view
  const has = (...names: readonly (string | null)[]): boolean =>
    names.some((name) => name?.toLowerCase().includes(wanted) === true)
  return {
    ...view,
    attributes: view.attributes.filter((attribute) => has(attribute.name, attribute.text)),
    features: view.features.filter(({ name }) => has(name)),
    logs: view.logs.filter(({ name }) => has(name)),
    tables: view.tables.filter(({ name, columns }) => has(name, ...(columns ?? []))),
    basins: view.basins.filter(({ name, key, paths }) => has(name, key, ...paths.map(({ given }) => given))),
    otherGroups: view.otherGroups.filter((name) => has(name)),
  }
}

/** True when nothing is left to be listed. */
export function isEmptyView({ attributes, features, logs, tables, basins, otherGroups }: FileView): boolean {
  return [attributes, features, logs, tables, basins, otherGroups].every((list) => list.length === 0)
}
