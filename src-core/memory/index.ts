/** Finding again what was kept: chunks, indexes and search. */
export type * from './types.ts'
export { contentWords } from './words.ts'
