import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { AppInfo } from '../../../src-preload/contract.ts'

/** What runs here: null until it is known; `failure` says why it could not be learnt. */
export const useAppInfoStore = defineStore('app-info', () => {
  const info = ref<AppInfo | null>(null)
  const failure = ref<string | null>(null)
  return { info, failure }
})
