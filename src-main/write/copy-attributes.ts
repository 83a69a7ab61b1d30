import { WeirError } from '../errors.ts'
import { isCarriable, type Attribute } from '../hdf5/model.ts'
import { isUtf8Name } from '../hdf5/name-bytes.ts'
import { nameDtype } from '../hdf5/dtype-name.ts'
import type { RefusedAttribute, StoredDataset, StoredGroup } from '../hdf5/reading/stored-object.ts'
import { isDimensionReference, warnOfDimensions } from '../read/dimension-references.ts'
import { warnOfUnreadable } from '../read/unreadable.ts'
import { reportLeftOut, type CopyOptions, type ObjectPlace } from './copy-options.ts'

export interface CopyAttributesOptions extends Pick<CopyOptions, 'reportWarning'> {
  /** Path of the source file, for warnings. */
  readonly path: string
  /** Replace attributes that the target has; default false. */
  readonly override?: boolean | undefined
}

/** Codes of an attribute that the new form of headers cannot hold: too large, or a name that is none. */
const NOT_STORABLE: readonly string[] = ['E_ATTRIBUTE', 'E_NAME']

/** An object of the output. */
export interface AttributeTarget {
  readonly attributes: ReadonlyMap<string, Attribute>
  setAttribute(attribute: Attribute): void
}

/**
 * Copies every attribute of an object, type, shape and bytes as they are. What cannot be carried (references, types that the
 * layer does not know) is reported as W_TYPE, what is damaged as W_LEFT_OUT, object `/path@name`. References to netCDF dimensions are
 * reported as W_DIMENSION, in the same words for every object.
 */
export function copyAttributes(
  source: StoredGroup | StoredDataset,
  target: AttributeTarget,
  options: CopyAttributesOptions,
): void {
  for (const attribute of source.attributes) {
    if (!options.override && target.attributes.has(attribute.name)) continue
    const reason = isUtf8Name(attribute.name) ? tryCopy(attribute, target) : 'its name is not UTF-8'
    if (reason !== undefined) reportLeftOut(options, placeOf(attribute.name), { code: 'W_TYPE', reason })
  }
  for (const refused of source.refused) reportRefused(refused)

  function reportRefused(refused: RefusedAttribute): void {
    const { name, reason, error } = refused
    if (isDimensionReference(refused)) options.reportWarning?.(warnOfDimensions(options.path))
    else if (error === undefined) reportLeftOut(options, placeOf(name), { code: 'W_TYPE', reason })
    else options.reportWarning?.(warnOfUnreadable(options.path, placeOf(name).object, error))
  }

  function placeOf(name: string): ObjectPlace {
    return { path: options.path, object: `${source.path}@${name}` }
  }
}

/** Why an attribute cannot be copied; undefined if it was. */
function tryCopy(attribute: Attribute, target: AttributeTarget): string | undefined {
  if (!isCarriable(attribute.datatype))
    return `values of type ${nameDtype(attribute.datatype)} cannot be carried`
  try {
    target.setAttribute(attribute)
    return undefined
  } catch (thrown) {
    if (thrown instanceof WeirError && NOT_STORABLE.includes(thrown.code)) return thrown.message
    throw thrown
  }
}
