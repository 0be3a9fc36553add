import { resolve } from 'node:path'

/** Where tests and benches of this checkout keep converted models, so that each is converted once and not by every test. */
export const MODEL_CACHE = resolve(import.meta.dirname, '../.cache/models')
