// Judges one mutant: does Weir name what h5py refuses, and does h5py read its output as it reads the input?

/** Written anew by every rewrite. */
const ownLog = /^\/logs(\/weir-rewrite(_\d+)?)?$/
const restatedAttributes = new Set(['experiment:event count'])

/**
 * @typedef {{ end: string, objects: Record<string, any>, errors: [string, string][] }} Reading what h5py says of a file
 */

/** Findings that the sound seed has as well say nothing about the mutant. */
export function isNamed(result, soundFindings) {
  if (result.status === 'refused') return true
  const sound = new Set(soundFindings.map(toKey))
  return result.findings.some(
    (finding) => ['damage', 'violation'].includes(finding.level) && !sound.has(toKey(finding)),
  )
}

/** Alerts of what Weir cannot read, about one of the objects that h5py refuses. */
export function isHinted(result, soundFindings, errors) {
  const sound = new Set(soundFindings.map(toKey))
  const objects = errors.map(([path]) => path.replace(/@.*$/s, ''))
  return result.findings.some((finding) => objects.includes(finding.object) && !sound.has(toKey(finding)))
}

function toKey({ code, object, message }) {
  return code.startsWith('E_') ? `${code} ${object}` : `${code} ${object} ${message}`
}

/**
 * Where output and input differ for h5py; empty for a good output.
 * @param {Reading} input @param {Reading} output @param {string[]} leftOut objects that warnings name
 */
export function compareReadings(input, output, leftOut) {
  // Where the library dies, it says of no object what it would read: then the output has to say that something is wrong.
  if (['crash', 'hang'].includes(input.end) && leftOut.length > 0) return []
  if (input.end !== 'read')
    return [`h5py does not open the input (${input.end}), the output it does: ${output.end}`]
  if (output.end !== 'read') return [`h5py does not open the output: ${JSON.stringify(output.errors)}`]
  const refused = new Map(input.errors)
  const differences = output.errors
    .filter(([path]) => !refused.has(path))
    .map(([path, words]) => `${path}: unreadable in the output: ${words}`)
  const isLeftOut = (path) =>
    leftOut.some(
      (object) => path === object || path.startsWith(`${object}/`) || object.startsWith(`${path}@`),
    )
  for (const [path, entry] of Object.entries(input.objects)) {
    if (['link', 'Datatype'].includes(entry.kind) || isLeftOut(path)) continue
    differences.push(...compareObject(path, { input, output, refused, leftOut }))
  }
  for (const path of Object.keys(output.objects)) {
    if (resolve(input, path) === undefined && !ownLog.test(path))
      differences.push(`${path}: only in the output`)
  }
  return differences
}

function compareObject(path, { input, output, refused, leftOut }) {
  const given = resolve(input, path)
  const made = resolve(output, path)
  if (refused.has(path))
    return made?.digest === undefined ? [] : [`${path}: h5py refuses it in the input: ${refused.get(path)}`]
  if (made === undefined) return [`${path}: not in the output`]
  const differences = []
  for (const key of ['shape', 'dtype', 'digest'])
    if (JSON.stringify(given[key]) !== JSON.stringify(made[key]))
      differences.push(`${path}: ${key} ${JSON.stringify(given[key])} became ${JSON.stringify(made[key])}`)
  for (const [name, value] of Object.entries(given.attrs ?? {})) {
    if (restatedAttributes.has(name) || leftOut.includes(`${path}@${name}`)) continue
    if (JSON.stringify(value) !== JSON.stringify(made.attrs[name]))
      differences.push(`${path}@${name}: ${JSON.stringify(value)} became ${JSON.stringify(made.attrs[name])}`)
  }
  for (const name of Object.keys(made.attrs ?? {}))
    if (given.attrs?.[name] === undefined && !restatedAttributes.has(name))
      differences.push(
        `${path}@${name}: only in the output${refused.has(`${path}@${name}`) ? '; h5py refuses it in the input' : ''}`,
      )
  return differences
}

/** An object that hard links lead to on several ways is told once, with all that lies in it. */
function resolve(reading, path) {
  let known = ''
  for (const name of path.split('/').filter((part) => part !== '')) {
    const next = `${known}/${name}`
    const first = reading.objects[next]?.same ?? next
    known = first === '/' ? '' : first
  }
  return reading.objects[known === '' ? '/' : known]
}
