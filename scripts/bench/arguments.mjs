import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Refusal } from '../project.mjs'
import { standardEvents, standardRuns } from './sizes.mjs'
import { workloads } from './workloads.mjs'

/**
 * What `npm run bench` was asked for; throws a `Refusal` (exit 2) for what it does not know.
 * @param {string[]} words
 */
export function readBenchArguments(words) {
  const { values, positionals } = parse(words)
  const names = workloads.map(({ name }) => name)
  const unknown = positionals.filter((name) => !names.includes(name))
  if (unknown.length > 0) throw refuse(`no workload ${unknown.join(', ')}; there are: ${names.join(', ')}`)
  return {
    workloads:
      positionals.length === 0 ? workloads : workloads.filter(({ name }) => positionals.includes(name)),
    events: readCount('--events', values.events),
    runs: readCount('--runs', values.runs),
    json: resolvePath(values.json),
    report: values.report,
    from: resolvePath(values.from),
  }
}

function parse(words) {
  const options = {
    events: { type: 'string', default: String(standardEvents) },
    runs: { type: 'string', default: String(standardRuns) },
    json: { type: 'string' },
    report: { type: 'boolean', default: false },
    from: { type: 'string' },
  }
  try {
    return parseArgs({ args: words, allowPositionals: true, options })
  } catch (error) {
    if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error
    throw refuse(error.message)
  }
}

function readCount(option, text) {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0) return count
  throw refuse(`${option} takes a positive whole number, not ${text}`)
}

/** npm changes to the project's folder; INIT_CWD is where the user was. */
function resolvePath(path) {
  return path === undefined ? undefined : resolve(process.env.INIT_CWD ?? process.cwd(), path)
}

function refuse(message) {
  return new Refusal(message, { exitCode: 2 })
}
