import type { Warning } from '../errors.ts'
import type { JobContext } from './job-context.ts'

/** What a job warns of: told once, at once, and kept for the result and for the job's own log. */
export class JobWarnings {
  readonly list: Warning[]
  readonly #context: Pick<JobContext, 'reportWarning'>

  /** `known`: told already, by the check. */
  constructor(context: Pick<JobContext, 'reportWarning'>, known: readonly Warning[] = []) {
    this.#context = context
    this.list = [...known]
  }

  /** Bound, so that it can be handed on as it is. */
  readonly report = (warning: Warning): void => {
    const { code, message, path } = warning
    const isTold = this.list.some((one) => one.code === code && one.message === message && one.path === path)
    if (isTold) return
    this.list.push(warning)
    this.#context.reportWarning(warning)
  }

  /** Keeps a warning, in place of an earlier one with this code about this file; `tell` tells it when it is sure. */
  note(warning: Warning): void {
    const at = this.list.findIndex(({ code, path }) => code === warning.code && path === warning.path)
    if (at < 0) this.list.push(warning)
    else this.list[at] = warning
  }

  tell(warning: Warning): void {
    this.#context.reportWarning(warning)
  }
}
