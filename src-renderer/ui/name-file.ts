/** The last part of a path of any system; a path without separators as it is. */
export function nameFile(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
