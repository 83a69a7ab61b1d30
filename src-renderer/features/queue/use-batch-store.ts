import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** The jobs that run together: from the first that was started while nothing ran, until nothing runs any more. */
export const useBatchStore = defineStore('batch', () => {
  const ids = shallowRef<ReadonlySet<string>>(new Set())
  /** Of all of them, 0 to 1. */
  const share = shallowRef(0)
  const remainingSeconds = shallowRef<number | null>(null)
  const isRunning = shallowRef(false)
  return { ids, share, remainingSeconds, isRunning }
})
