import type { FeatureView, FileView } from '../../../../src-preload/contract.ts'

/** Small descriptions of files for the tests of what the sheet shows. */

export function makeFeature(name: string, part: Partial<FeatureView> = {}): FeatureView {
  return {
    ...{ name, choice: name, isScalar: true, shape: [100], dtype: '<f8', filters: 'zstd 5' },
    ...{ storedBytes: 500, rawBytes: 800 },
    ...part,
  }
}

export const image = makeFeature('image', {
  ...{ isScalar: false, shape: [100, 80, 320], dtype: '|u1', storedBytes: 1_000_000, rawBytes: 2_560_000 },
})
export const traces = ['trace/fl1_raw', 'trace/fl2_raw'].map((name) =>
  makeFeature(name, {
    ...{
      choice: 'trace',
      isScalar: false,
      shape: [100, 177],
      dtype: '<i2',
      storedBytes: 9_000,
      rawBytes: 35_400,
    },
  }),
)

export function makeView(part: Partial<FileView> = {}): FileView {
  return {
    ...{ path: '/data/M001_data.rtdc', bytes: 1_020_000, events: 100, identifier: 'mm-hdf5_1' },
    features: [makeFeature('deform'), makeFeature('area_um'), image, ...traces],
    ...{ attributes: [], logs: [], tables: [], basins: [], otherGroups: [], warnings: [] },
    ...part,
  }
}
