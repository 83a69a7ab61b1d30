/** English texts of frame and start page. */
export const start = {
  theme: { legend: 'Appearance', system: 'System', light: 'Light', dark: 'Dark' },
  queue: {
    title: 'Write queue',
    empty: 'Empty. No job runs in this window.',
    sentence:
      'Once jobs run here, this basin shows what still waits to be written, against the bound of the queue.',
  },
  drawing: {
    label:
      'Drawing: an empty basin behind a weir, with marks at the bound of the write queue and at 75 % of it',
    bound: 'bound: producers wait',
    warning: '75 %',
    level: 'empty',
  },
  start: {
    title: 'Jobs run on the command line today',
    lead: {
      checkout:
        'This window cannot start them yet. In a terminal, in the folder of this checkout, these lines work as they are; put your own file in place of sample.rtdc.',
      installed:
        'This window cannot start them yet. These lines need the command line program weir, which comes with the sources, not with this application.',
    },
    promise:
      'Originals are never changed. Unless you ask otherwise, an output is verified before it gets its name.',
  },
  tasks: {
    copy: 'Copy',
    copied: 'Copied',
    copyLabel: 'Copy the command: {title}',
    notBuilt: 'not built yet',
    sample: {
      title: 'Try with a sample file',
      sentence: 'Writes a simulated measurement of 2,000 frames; needs no instrument.',
    },
    smaller: {
      title: 'Make files smaller',
      sentence: 'Compresses every feature with Zstandard 5, checksums on; keeps metadata, logs and tables.',
    },
    part: {
      title: 'Keep only what I need',
      sentence: 'Chosen features, chosen events: here the scalar features of the first 500 events.',
    },
    inspect: {
      title: 'Look inside a file',
      sentence: 'Lists features, attributes, logs, tables and basins.',
    },
    verify: {
      title: 'Check files',
      sentence: 'Reads every chunk and every checksum, and checks the conventions of the format.',
    },
    basins: {
      title: 'Small file that points to the original (basins)',
      sentence: 'Neither here nor on the command line so far.',
    },
  },
  notices: {
    drop: 'Files cannot be dropped here yet: use the command line with the path of the file.',
    copied: 'The command is on the clipboard.',
    'not-copied': 'The clipboard was refused: select the command and copy it by hand.',
  },
  failure: {
    title: 'The window has lost its main process',
    sentence: 'It gave no usable answer ({reason}). Close Weir and start it again; nothing was written.',
  },
  status: {
    version: 'Weir {version}',
    electron: 'Electron {version}',
    network: 'No network access',
    platform: { linux: 'Linux', darwin: 'macOS', win32: 'Windows', other: 'Other system' },
  },
} as const
