import { computed, watch } from 'vue'
import type { FileRef, QueueRow } from '../../../src-preload/contract.ts'
import { findOutput } from '../../bridge.ts'
import { attempt } from '../notices/attempt.ts'
import { useQueueStore } from '../queue/use-queue-store.ts'
import { describeOnce } from './use-file.ts'
import { useFileStore } from './use-file-store.ts'
import { useOutputsStore } from './use-outputs-store.ts'

/** Why there is no file to be looked at. */
export type WhyNoFile = 'noneSelected' | 'simulated' | 'unwritten' | 'asking'

/** The file of the first selected job that a panel shows, and what is known of it; it is asked for as long as the panel is there. */
export function useShownFile() {
  const queue = useQueueStore()
  const files = useFileStore()
  const store = useOutputsStore()

  const row = computed(() => queue.selectedRows[0])
  const input = computed(() => row.value?.input ?? null)
  const hasBoth = computed(() => input.value !== null && row.value?.life.state === 'done')
  const isOutput = computed(() =>
    hasBoth.value ? store.which === 'output' : row.value?.job.task === 'basins',
  )
  const output = computed(() => (row.value === undefined ? null : (store.outputs.get(row.value.id) ?? null)))
  const shown = computed<FileRef | null>(() => (isOutput.value ? output.value : input.value))
  const why = computed(() => explain(row.value, isOutput.value))
  const file = computed(() => (shown.value === null ? undefined : files.files.get(shown.value.token)))
  const view = computed(() => (file.value?.state === 'there' ? file.value.value : null))

  watch(
    () => (isOutput.value && row.value?.life.state === 'done' ? row.value.id : null),
    (id) => id !== null && void askForOutput(id),
    { immediate: true },
  )
  watch(
    () => shown.value?.token ?? null,
    (token) => token !== null && void describeOnce(token),
    { immediate: true },
  )
  return { row, hasBoth, shown, why, file, view }
}

async function askForOutput(id: string): Promise<void> {
  const { outputs } = useOutputsStore()
  if (outputs.has(id)) return
  const output = await attempt(() => findOutput(id))
  if (output !== null) outputs.set(id, output)
}

function explain(row: QueueRow | undefined, isOutput: boolean): WhyNoFile {
  if (row === undefined) return 'noneSelected'
  if (!isOutput) return 'simulated'
  return row.life.state === 'done' ? 'asking' : 'unwritten'
}
