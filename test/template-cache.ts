import { resolve } from 'node:path'

/** Where tests of this checkout keep the ready-made database, so that it is made once and not by every test. */
export const TEMPLATE_CACHE = resolve(import.meta.dirname, '../.cache/templates')
