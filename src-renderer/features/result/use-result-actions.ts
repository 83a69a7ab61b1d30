import { type Ref, ref, watch } from 'vue'
import type { QueueRow } from '../../../src-preload/contract.ts'
import { assertNever } from '../../assert-never.ts'
import { retryJob, showInFolder } from '../../bridge.ts'
import { useAppInfoStore } from '../app-info/use-app-info-store.ts'
import { attempt } from '../notices/attempt.ts'
import { composeReport } from './compose-report.ts'
import type { ResultAction } from './list-result-actions.ts'

/** Does what the buttons of a result say. What main refuses becomes a notice. `row`: the one whose buttons are shown. */
export function useResultActions(row: () => QueueRow) {
  const isAskingToReplace = ref(false)
  const copyOutcome: Ref<'copied' | 'notCopied' | null> = ref(null)
  watch(
    () => row().id,
    () => {
      isAskingToReplace.value = false
      copyOutcome.value = null
    },
  )

  async function copyReport(): Promise<void> {
    try {
      await navigator.clipboard.writeText(composeReport(row(), useAppInfoStore().info))
      copyOutcome.value = 'copied'
    } catch {
      // The desktop may refuse the clipboard, for one while the window has no focus.
      copyOutcome.value = 'notCopied'
    }
  }

  async function act(action: ResultAction): Promise<void> {
    const { id } = row()
    switch (action) {
      case 'retry':
        await attempt(() => retryJob(id, { mayReplace: false }))
        return
      case 'commonRows':
        await attempt(() => retryJob(id, { mayReplace: false, tolerate: 'lengths' }))
        return
      case 'fillHoles':
        await attempt(() => retryJob(id, { mayReplace: false, tolerate: 'holes' }))
        return
      case 'replace':
        isAskingToReplace.value = true
        return
      case 'showOutput':
        await attempt(() => showInFolder(id, 'output'))
        return
      case 'showInput':
        await attempt(() => showInFolder(id, 'input'))
        return
      case 'showLeftover':
      case 'showKept':
        await attempt(() => showInFolder(id, 'leftover'))
        return
      case 'copy':
        return copyReport()
      default:
        return assertNever(action)
    }
  }

  async function replace(): Promise<void> {
    isAskingToReplace.value = false
    await attempt(() => retryJob(row().id, { mayReplace: true }))
  }

  return { isAskingToReplace, copyOutcome, act, replace }
}
