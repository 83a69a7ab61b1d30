/** So much of the end of a name stays in view: the extension and what numbers it. */
const END_LENGTH = 12

/** A file's name in two parts, so that its middle is cut where there is no room: names of a day differ at their ends. */
export function splitName(name: string): { readonly start: string; readonly end: string } {
  const letters = [...name]
  if (letters.length <= 2 * END_LENGTH) return { start: name, end: '' }
  return { start: letters.slice(0, -END_LENGTH).join(''), end: letters.slice(-END_LENGTH).join('') }
}
