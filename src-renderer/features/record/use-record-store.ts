import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { FIRST_INPUT, type RecordInput } from './record-draft.ts'

/** What stands in the form for a recording; it stays when the form is closed. */
export const useRecordStore = defineStore('record', () => {
  const input = shallowRef<RecordInput>(FIRST_INPUT)

  /** Recordings of which the user is asked whether they are to be aborted. */
  const abortedIds = shallowRef<readonly string[]>([])

  function change(part: Partial<RecordInput>): void {
    input.value = { ...input.value, ...part }
  }

  return { input, abortedIds, change }
})
