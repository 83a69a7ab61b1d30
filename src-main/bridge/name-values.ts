import type { FileView } from '../jobs/file-view.ts'
import { needsMeasurement, type NameTemplate, type NameValues } from '../jobs/name-template.ts'

type MeasurementValues = Pick<NameValues, 'date' | 'run' | 'sample' | 'id7'>

const NOTHING: MeasurementValues = { date: null, run: null, sample: null, id7: null }

/** What the measurement says for the tokens of a name; asked only if the name has such tokens. Rejects as `describe` does. */
export async function readNameValues(
  template: NameTemplate,
  input: string | null,
  describe: (path: string) => Promise<FileView>,
): Promise<MeasurementValues> {
  if (input === null || !needsMeasurement(template)) return NOTHING
  const { attributes, identifier } = await describe(input)
  const texts = new Map(attributes.map(({ name, text }) => [name, text]))
  return {
    date: texts.get('experiment:date') ?? null,
    run: texts.get('experiment:run index') ?? null,
    sample: texts.get('experiment:sample') ?? null,
    id7: identifier === null ? null : [...identifier].slice(0, 7).join(''),
  }
}
