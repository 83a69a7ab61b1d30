// The arrows of the house (src-main/README.md), as errors. test/layering proves that each of them really reports.

/** What main and the process of a job both know. */
const jobTalk = [
  ...['jobs/job-schema.ts', 'jobs/job-messages.ts', 'jobs/job-report.ts', 'jobs/reader-messages.ts'],
  ...['jobs/file-view.ts', 'jobs/basin-report.ts', 'jobs/index-list-view.ts', 'jobs/safe-text.ts'],
]

/** Schemas of what crosses to the window. */
const windowSchemas = [
  'job-schema',
  'job-report',
  'job-draft',
  'queue-view',
  'file-view',
  'basin-report',
  'index-list-view',
]

/** Rooms of src-main, from the bottom up, with what of ours each may import beside itself. */
const rooms = {
  hdf5: [],
  read: ['hdf5'],
  write: ['read', 'hdf5'],
  'job-process': ['write', 'read', 'hdf5', ...jobTalk],
  cli: [
    'job-process',
    'read',
    'jobs/job-schema.ts',
    'jobs/name-template.ts',
    'jobs/plan-output.ts',
    'jobs/safe-text.ts',
    'hdf5/disk/',
    'hdf5/filters/',
  ],
  jobs: [],
  bridge: ['jobs', 'shell'],
  shell: ['jobs'],
}

/** Free to all rooms of the main side. */
const shared = ['errors.ts', 'version.ts', 'refuse-debugger.ts']

function escapeDots(path) {
  return path.replace(/[.]/g, '\\$&')
}

function allowOnly([room, allowed]) {
  const targets = [`${room}/`, ...shared, ...allowed.map((name) => (/[./]/.test(name) ? name : `${name}/`))]
  const contract = ['bridge', 'shell'].includes(room) ? ['^src-preload/contract\\.ts$'] : []
  return {
    name: `${room}-imports-only-what-is-below`,
    severity: 'error',
    comment: `${room} may import of ours only: ${targets.join(', ')}`,
    from: { path: `^src-main/${room}/` },
    to: {
      path: '^(src-main|src-preload|src-renderer|scripts|test)/',
      pathNot: [...targets.map((name) => `^src-main/${escapeDots(name)}`), ...contract],
    },
  }
}

const withoutFiles = '^src-main/(hdf5|read|write|job-process|jobs)/'

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(allowOnly),
    {
      name: 'no-electron-below-the-bridge',
      severity: 'error',
      from: { path: '^src-main/(hdf5|read|write|job-process|cli|jobs)/' },
      to: { path: '^(node_modules/)?electron(/|$)' },
    },
    {
      name: 'files-only-through-the-port',
      severity: 'error',
      from: { path: withoutFiles, pathNot: '^src-main/hdf5/disk/' },
      to: { path: '^(node:)?fs(/promises)?$' },
    },
    {
      name: 'h5wasm-in-its-room-only',
      severity: 'error',
      from: { path: '^(src-main|src-preload|src-renderer)/', pathNot: '^src-main/hdf5/h5wasm/' },
      to: { path: '^(node_modules/)?h5wasm(-plugins)?(/|$)' },
    },
    {
      name: 'contract-imports-only-schemas',
      severity: 'error',
      from: { path: '^src-preload/contract\\.ts$' },
      to: {
        path: '^(src-main|src-preload|src-renderer|scripts|test)/',
        pathNot: `^src-main/jobs/(${windowSchemas.join('|')})\\.ts$`,
      },
    },
    {
      name: 'preload-imports-only-the-contract',
      severity: 'error',
      from: { path: '^src-preload/preload\\.ts$' },
      to: {
        path: '^(src-main|src-preload|src-renderer|scripts|test)/',
        pathNot: '^src-preload/contract\\.ts$',
      },
    },
    {
      name: 'renderer-knows-only-the-contract',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: '^(src-main|src-preload|scripts|test)/', pathNot: '^src-preload/contract\\.ts$' },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'ui-without-store-or-bridge',
      severity: 'error',
      from: { path: '^src-renderer/ui/' },
      to: { path: '^src-renderer/(features|bridge\\.ts)' },
    },
    {
      name: 'program-imports-no-test-or-script',
      severity: 'error',
      from: { path: '^src-' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Imports of types alone may go round.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^electron$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
