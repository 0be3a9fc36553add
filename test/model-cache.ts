import { resolve } from 'node:path'

/** Where tests and benches of this checkout keep converted models, so that each is converted once and not by every test. */
export const MODEL_CACHE = resolve(import.meta.dirname, '../.cache/models')

/** Where programs that tests start from source keep what Node made of it. Node tells by itself when a file has changed. */
export const COMPILE_CACHE = resolve(import.meta.dirname, '../.cache/compiled')
