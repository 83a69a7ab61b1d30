import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { PlannedStart } from './plan-start.ts'

/** What the user is asked before jobs start; null: nothing. */
export const useStartStore = defineStore('start', () => {
  const question = shallowRef<readonly PlannedStart[] | null>(null)
  return { question }
})
