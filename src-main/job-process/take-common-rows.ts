/** The job for an input that is being written, the features of which are as long as their writer has come. */
export function takeCommonRows<J extends { readonly lengths: 'refuse' | 'cut' }>(job: J): J {
  return { ...job, lengths: 'cut' }
}
