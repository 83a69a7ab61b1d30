// One command, by the clock and, where it is asked for, with its memory and processor time.
import { join } from 'node:path'
import { outFolder, Refusal } from '../project.mjs'
import { readCommand } from '../run-command.mjs'
import { ensureNodeRelease } from '../setup/node-release.mjs'
import { watchProcessTree } from './process-tree.mjs'

/**
 * Runs a program to its end; throws a `Refusal` if it fails.
 * @param {string} program
 * @param {string[]} commandArguments
 * @param {{ isWatched?: boolean, env?: object }} [options]
 * @returns {Promise<{ seconds: number, usage?: object, text: string }>} usage only of a watched one
 */
export async function measureCommand(program, commandArguments, { isWatched = false, env } = {}) {
  let stopWatching = () => undefined
  const { code, text, seconds } = await readCommand(program, commandArguments, {
    stderr: 2,
    env,
    onStart: (pid) => {
      if (isWatched) stopWatching = watchProcessTree(pid)
    },
  })
  const usage = stopWatching()
  if (code !== 0) throw new Refusal(`${[program, ...commandArguments].join(' ')} ended with code ${code}`)
  return { seconds, ...(usage && { usage }), text }
}

/** Programs by the major version of Node; Weir runs on the newest that is pinned, as the window of the future does. */
const programs = new Map()
export const usualNode = 24

/** Makes the Node of a major version ready; gives its full version. */
export async function prepareNode(major) {
  const program = (await ensureNodeRelease(major)) ?? process.execPath
  programs.set(major, program)
  const { text } = await readCommand(program, ['--version'])
  return text.trim().replace(/^v/, '')
}

/** The program of a Node that was made ready, else the one that runs. */
export function nodeProgram(major = usualNode) {
  return programs.get(major) ?? process.execPath
}

/** The whole command `weir ...`, from start to end. */
export async function measureWeir(commandArguments, { node, ...options } = {}) {
  const { seconds, usage } = await measureCommand(
    nodeProgram(node),
    [join(outFolder, 'weir.js'), ...commandArguments],
    options,
  )
  return { seconds, ...(usage && { usage }) }
}

/** A program that prints its own seconds, which leave its start out; those of the whole command are `wholeSeconds`. */
export async function measureProgram(program, commandArguments, options) {
  const { seconds: wholeSeconds, usage, text } = await measureCommand(program, commandArguments, options)
  const { seconds } = JSON.parse(text)
  return { seconds, wholeSeconds, ...(usage && { usage }) }
}
