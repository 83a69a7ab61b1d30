import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Collision, FileRef, OutputChoice, OutputPreview } from '../../../src-preload/contract.ts'

/** What was touched in the look at names; the rest stays as each job has it. */
export interface NamesDraft {
  readonly name?: string
  /** Null: beside each input. */
  readonly folder?: FileRef | null
  readonly mirror?: boolean
  readonly collision?: Collision
}

/** The look at names before they are given. State only: asking lives in `use-names.ts`. */
export const useNamesStore = defineStore('names', () => {
  /** The jobs that it is about; null: it is closed. */
  const ids = shallowRef<readonly string[] | null>(null)
  const draft = shallowRef<NamesDraft>({})
  const previews = shallowRef<readonly OutputPreview[] | null>(null)
  /** An answer to what is in the draft is still to come. */
  const isAsking = ref(false)
  /** Why the names could not be made, or were not taken. */
  const failure = ref<string | null>(null)

  /** The draft as main understands it. */
  const part = computed<Partial<OutputChoice>>(() => {
    const { folder, ...others } = draft.value
    return folder === undefined ? others : { ...others, folder: folder?.token ?? null }
  })

  return { ids, draft, previews, isAsking, failure, part }
})
