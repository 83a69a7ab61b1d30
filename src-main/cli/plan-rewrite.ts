import { join } from 'node:path'

import { toWeirError } from '../errors.ts'
import type { RewriteCommand } from './command.ts'
import {
  buildOutputName,
  needsMeasurement,
  stemOf,
  type NameTemplate,
  type NameValues,
} from '../jobs/name-template.ts'
import type { PlannedJob } from './planned-job.ts'
import { stopAtSignal } from './stop-at-signal.ts'
import type { Surroundings } from './surroundings.ts'

/** One job an input. An input whose name's parts cannot be read is refused with the reason. */
export async function planRewrite(
  command: RewriteCommand,
  surroundings: Surroundings,
): Promise<readonly PlannedJob[]> {
  const planned: PlannedJob[] = []
  for (const [index, input] of command.inputs.entries()) {
    planned.push(await planInput(command, { input, place: index + 1 }, surroundings))
  }
  return planned
}

interface Input {
  readonly input: string
  readonly place: number
}

async function planInput(
  command: RewriteCommand,
  { input, place }: Input,
  surroundings: Surroundings,
): Promise<PlannedJob> {
  try {
    const output = await chooseOutput(command, { input, place }, surroundings)
    return { kind: 'job', job: { ...command.settings, input, output } }
  } catch (thrown) {
    return { kind: 'refused', input, output: null, error: toWeirError(thrown, { path: input }) }
  }
}

async function chooseOutput(
  command: RewriteCommand,
  { input, place }: Input,
  surroundings: Surroundings,
): Promise<string> {
  if (command.place.kind === 'file') return command.place.path
  const { path, template } = command.place
  const known = { stem: stemOf(input), task: command.settings.task, n: String(place) }
  return join(
    path,
    buildOutputName(template, { ...known, ...(await readValues(template, input, surroundings)) }),
  )
}

type MeasurementValues = Pick<NameValues, 'date' | 'run' | 'sample' | 'id7'>

async function readValues(
  template: NameTemplate,
  input: string,
  surroundings: Surroundings,
): Promise<MeasurementValues> {
  const { tasks, signals } = surroundings
  if (!needsMeasurement(template)) return { date: null, run: null, sample: null, id7: null }
  const { attributes, identifier } = await stopAtSignal(tasks.inspectFile(input), signals.first)
  return {
    date: readText(attributes['experiment:date']),
    run: readText(attributes['experiment:run index']),
    sample: readText(attributes['experiment:sample']),
    id7: identifier === null ? null : [...identifier].slice(0, 7).join(''),
  }
}

function readText(value: unknown): string | null {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null
}
