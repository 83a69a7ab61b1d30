// Lets a worker thread run the TypeScript sources in unit tests: `--import tsx` alone registers in the main thread only.
import { register } from 'tsx/esm/api'

register()
