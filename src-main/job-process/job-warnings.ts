import type { Warning } from '../errors.ts'
import type { JobContext } from './job-context.ts'

/** What a job warns of: told once, at once, and kept for the result and for the job's own log. */
export class JobWarnings {
  readonly list: Warning[]
  /** Of thousands of objects each may be warned of. */
  readonly #told = new Set<string>()
  readonly #context: Pick<JobContext, 'reportWarning'>

  /** `known`: told already, by the check. */
  constructor(context: Pick<JobContext, 'reportWarning'>, known: readonly Warning[] = []) {
    this.#context = context
    this.list = [...known]
    for (const warning of known) this.#told.add(keyOf(warning))
  }

  /** Bound, so that it can be handed on as it is. */
  readonly report = (warning: Warning): void => {
    const key = keyOf(warning)
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.list.push(warning)
    this.#context.reportWarning(warning)
  }

  /** Keeps a warning, in place of an earlier one with this code about this file; `tell` tells it when it is sure. */
  note(warning: Warning): void {
    const at = this.list.findIndex(({ code, path }) => code === warning.code && path === warning.path)
    if (at < 0) this.list.push(warning)
    else this.list[at] = warning
    this.#told.add(keyOf(warning))
  }

  tell(warning: Warning): void {
    this.#context.reportWarning(warning)
  }
}

function keyOf({ code, path, message }: Warning): string {
  return JSON.stringify([code, path, message])
}
