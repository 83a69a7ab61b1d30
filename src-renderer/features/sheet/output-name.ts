/** Names of outputs as the sheet shows them. What a name really becomes, main says with the row. */

export const nameTokens = ['stem', 'date', 'run', 'sample', 'task', 'n', 'id7'] as const
export type NameToken = (typeof nameTokens)[number]

/** The token as it stands in a template. */
export function writeToken(token: NameToken): string {
  return `{${token}}`
}

/** `empty`, `path` (it has a slash in it), `long`, or a pair of braces that is no token. */
export type NameProblem = 'empty' | 'path' | 'long' | 'token'

const LONGEST_NAME = 200

/** What is wrong with a template; null: nothing. */
export function findNameProblem(template: string): NameProblem | null {
  if (template.trim() === '') return 'empty'
  if (template.length > LONGEST_NAME) return 'long'
  if (/[/\\]/.test(template)) return 'path'
  const withoutTokens = nameTokens.reduce((text, token) => text.replaceAll(writeToken(token), ''), template)
  return /[{}]/.test(withoutTokens) ? 'token' : null
}

/** Can a form be sent with this name? Main judges its tokens. */
export function isPlainName(name: string): boolean {
  return name.trim() !== '' && !/[/\\]/.test(name)
}

/** The template with its tokens filled in and `.rtdc` at its end, for an example. */
export function previewName(template: string, values: Readonly<Record<NameToken, string>>): string {
  const name = nameTokens.reduce(
    (text, token) => text.replaceAll(writeToken(token), () => values[token]),
    template,
  )
  return name.toLowerCase().endsWith('.rtdc') ? name : `${name}.rtdc`
}

/** The last part of a path, of either system. */
export function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

/** The folder of a path, without the separator unless it is the root. */
export function folderOf(path: string): string {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return end <= 0 ? path.slice(0, end + 1) : path.slice(0, end)
}

function stemOf(path: string): string {
  return nameOf(path).replace(/\.[^.]+$/, '')
}

/** A template that gives this output for this input, for a job that does not tell what its name was made from. */
export function guessTemplate(output: string, input: string | null): string {
  const stem = stemOf(output)
  const inputStem = input === null ? '' : stemOf(input)
  return inputStem === '' ? stem : stem.replace(inputStem, '{stem}')
}
