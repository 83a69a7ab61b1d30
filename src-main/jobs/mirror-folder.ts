import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'

/** Where in the tree of an added folder a file lies. */
export interface TreePlace {
  /** The folder that was added. */
  readonly root: string
  readonly input: string
}

/**
 * The folder below `chosen` that stands for the one of the input: the name of the added folder, so that two of them do not mix, then the
 * way from there to the input. Null: the input does not lie below the root.
 */
export function mirrorFolder(chosen: string, { root, input }: TreePlace): string | null {
  const way = relative(root, dirname(input))
  if (isAbsolute(way) || way.split(sep)[0] === '..') return null
  return join(chosen, nameRoot(root), way)
}

/** A whole drive has no name but its letter; the root of a system has none at all. */
function nameRoot(root: string): string {
  return basename(root) || root.replace(/[^\p{L}\p{N}]/gu, '')
}
