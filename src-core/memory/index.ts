/** Finding again what was kept: chunks, indexes and search. */
export type { Indexer } from './indexer.ts'
export { contentWords } from './language/terms.ts'
export { createMemory, type Memory, type MemoryOptions } from './memory.ts'
export { noteText } from './subjects.ts'
export type * from './types.ts'
