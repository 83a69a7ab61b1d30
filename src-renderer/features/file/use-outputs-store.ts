import { defineStore } from 'pinia'
import { ref, shallowReactive } from 'vue'
import type { FileRef } from '../../../src-preload/contract.ts'

/** Outputs of jobs that are done, which can be looked at as well as their inputs. */
export const useOutputsStore = defineStore('outputs', () => {
  /** By the id of the job. */
  const outputs = shallowReactive(new Map<string, FileRef>())
  /** Which of the two is shown, where there are both. */
  const which = ref<'input' | 'output'>('input')
  return { outputs, which }
})
