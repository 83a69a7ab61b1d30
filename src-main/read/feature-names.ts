/** Facts about the names of features, as files and readers of the field spell them. Names only, no labels, no units. */

/** Names that readers know and that hold one number an event. */
const SCALAR_NAMES: ReadonlySet<string> = new Set(
  [
    // shape and size
    'area_cvx area_msd area_ratio area_um area_um_raw aspect circ deform deform_raw eccentr_prnc per_ratio per_um_raw',
    'inert_ratio_cvx inert_ratio_prnc inert_ratio_raw pos_x pos_y size_x size_y sym_x sym_y tilt volume emodulus',
    // brightness and background
    'bg_med bg_off bright_avg bright_sd bright_bc_avg bright_bc_sd bright_perc_10 bright_perc_90',
    // phase imaging
    'qpi_dm qpi_dm_avg qpi_dm_dns qpi_dm_sd qpi_pha_int qpi_ri_avg qpi_ri_sd qpi_focus',
    // course of the measurement
    'flow_rate frame g_force index index_online nevents pressure temp temp_amb time',
    // machine learning
    'ml_class pc1 pc2',
  ]
    .join(' ')
    .split(' '),
)

/** Fluorescence channel 1 to 3, then what was measured of its peak. */
const FLUORESCENCE_NAME = /^fl[123]_(area|dist|max|max_ctc|npeaks|pos|width)$/
/** Haralick texture features: mean and range over directions. */
const TEXTURE_NAME = /^tex_(asm|con|cor|den|ent|f12|f13|idm|sen|sva|var)_(avg|ptp)$/
const NUMBERED_NAME = /^(userdef|basinmap)\d$/
const SCORE_NAME = /^ml_score_[a-z0-9]{3}$/

/** Names of features that hold an image, a contour or traces for each event. */
const NON_SCALAR_NAMES: ReadonlySet<string> = new Set([
  'image',
  'image_bg',
  'mask',
  'contour',
  'trace',
  'qpi_oah',
  'qpi_oah_bg',
  'qpi_pha',
  'qpi_amp',
])

/** dcnum: written by its queue writer; its pipeline turns it into a mapping or drops it, and dclab does not list it. */
export const WRITER_FEATURE = 'index_unmapped'

const TRACE_NAME = /^fl[123]_(raw|median)$/

/** Is this a scalar feature that readers of the field know? */
export function isScalarFeatureName(name: string): boolean {
  return (
    SCALAR_NAMES.has(name) ||
    FLUORESCENCE_NAME.test(name) ||
    TEXTURE_NAME.test(name) ||
    NUMBERED_NAME.test(name) ||
    isScoreName(name)
  )
}

/** Is this a feature that readers know and that holds more than one number an event? */
export function isNonScalarFeatureName(name: string): boolean {
  return NON_SCALAR_NAMES.has(name)
}

/** Is this any feature that readers of the field know? Files may hold others (plugins, old names): those are kept as they are. */
export function isKnownFeatureName(name: string): boolean {
  return isScalarFeatureName(name) || NON_SCALAR_NAMES.has(name)
}

/** Features stored as stacks of images, (N, H, W). */
export function isImageFeatureName(name: string): boolean {
  return /^(image|image_bg|mask|qpi_(oah|oah_bg|pha|amp))$/.test(name)
}

/** Names of the datasets that `trace` may hold. */
export function isTraceName(name: string): boolean {
  return TRACE_NAME.test(name)
}

/** `ml_score_xxx`: how probable a class is, from 0 to 1. */
export function isScoreName(name: string): boolean {
  return SCORE_NAME.test(name)
}

/** `basinmap0` ... `basinmap9`: 0-based rows of a basin, never a feature for people. */
export function isBasinmap(name: string): boolean {
  return /^basinmap\d$/.test(name)
}
