// The report of the demo as text.
import { relative } from 'node:path'
import { projectFolder } from '../project.mjs'

export function composeReport(jobs, { refused, pictures }) {
  const lines = [
    ...jobs.flatMap(describeJob),
    ...refused.map((path) => `not added     ${show(path)}`),
    ...pictures.map((path) => `picture       ${show(path)}`),
  ]
  return ['', 'Weir demo', '', ...lines, ''].join('\n')
}

function describeJob({ job, life, check }) {
  const head = `${job.task} ${show(job.input ?? job.output)}`
  const warnings = life.warnings.map(({ code, message }) => `  warning       ${code}: ${message}`)
  if (life.state !== 'done') {
    const { code = '', message = '' } = life.error ?? {}
    return [head, `  ${life.state.padEnd(12)}  ${message} (${code})`, ...warnings, '']
  }
  const { figures } = life
  const ratio =
    figures.inputBytes === null ? '' : `, ratio ${(figures.inputBytes / figures.bytesWritten).toFixed(2)}`
  return [
    head,
    `  output        ${show(figures.output)}`,
    `  events        ${figures.events}`,
    `  size          ${formatMegabytes(figures.inputBytes)} -> ${formatMegabytes(figures.bytesWritten)}${ratio}`,
    `  time          ${figures.seconds.toFixed(2)} s`,
    `  verification  ${figures.verification}: ${figures.comparedChunks} chunks (${formatMegabytes(figures.comparedBytes)}) read back and equal`,
    `  weir verify   ${describeFindings(check.findings)}`,
    ...warnings,
    '',
  ]
}

/** Damage would be Weir's fault; violations of the conventions are the original's, and are only told. */
function describeFindings(findings) {
  const count = (level) => findings.filter((finding) => finding.level === level).length
  return `damage: ${count('damage')}; remarks on conventions: ${findings.length - count('damage')}`
}

function formatMegabytes(bytes) {
  return bytes === null ? 'none' : `${(bytes / 1e6).toFixed(2)} MB`
}

function show(path) {
  const short = relative(projectFolder, path)
  return short.startsWith('..') ? path : short
}
