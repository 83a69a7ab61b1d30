import type { FileView } from '../jobs/file-view.ts'
import { needsMeasurement, type NameTemplate, type NameValues } from '../jobs/name-template.ts'

type MeasurementValues = Pick<NameValues, 'date' | 'run' | 'sample' | 'id7'>

const NOTHING: MeasurementValues = { date: null, run: null, sample: null, id7: null }

/** More files than a queue is likely to hold. */
const MOST_KEPT = 20_000

export interface NameValueParts {
  /** Rejects where the file cannot be read. */
  readonly describe: (path: string) => Promise<FileView>
  /** Another text as soon as the file may be another one; null: that cannot be told. Never rejects. */
  readonly stampOf: (path: string) => Promise<string | null>
}

/** What measurements say for the tokens of names. A file is opened once, however often its name is asked for while one types. */
export class NameValueReader {
  readonly #parts: NameValueParts
  readonly #kept = new Map<string, { readonly stamp: string; readonly values: MeasurementValues }>()

  constructor(parts: NameValueParts) {
    this.#parts = parts
  }

  /** Opens the file only if the name has tokens that need it. Rejects as `describe` does. */
  async read(template: NameTemplate, input: string | null): Promise<MeasurementValues> {
    if (input === null || !needsMeasurement(template)) return NOTHING
    const stamp = await this.#parts.stampOf(input)
    const kept = this.#kept.get(input)
    if (stamp !== null && kept?.stamp === stamp) return kept.values
    const values = pickValues(await this.#parts.describe(input))
    if (stamp !== null) this.#keep(input, { stamp, values })
    return values
  }

  #keep(input: string, known: { readonly stamp: string; readonly values: MeasurementValues }): void {
    this.#kept.delete(input)
    this.#kept.set(input, known)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest)
  }
}

function pickValues({ attributes, identifier }: FileView): MeasurementValues {
  const texts = new Map(attributes.map(({ name, text }) => [name, text]))
  return {
    date: texts.get('experiment:date') ?? null,
    run: texts.get('experiment:run index') ?? null,
    sample: texts.get('experiment:sample') ?? null,
    id7: identifier === null ? null : [...identifier].slice(0, 7).join(''),
  }
}
