/** English texts that the forms share. */
export const form = {
  form: {
    cancel: 'Cancel',
    add: 'Add to queue',
    output: 'Output',
    noFolder: 'No folder chosen',
    chooseFolder: 'Choose folder...',
    name: 'Name',
    collision: {
      legend: 'If a file of that name is there',
      rename: 'Number the new file',
      refuse: 'Stop with an error',
      replace: 'Replace after success',
    },
  },
} as const
