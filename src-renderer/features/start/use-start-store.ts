import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { TaskName } from './tasks.ts'

/** `drop`: a file was dropped; `copied`, `not-copied`: the outcome of the last copy. */
export type Notice = 'drop' | 'copied' | 'not-copied'

/** What the start page last told, and which command was copied last. */
export const useStartStore = defineStore('start', () => {
  const notice = ref<Notice | null>(null)
  const copiedTask = ref<TaskName | null>(null)
  return { notice, copiedTask }
})
