/** Finding again what was kept: chunks, indexes, search, and the graph of concepts. */
export { type ConceptGraph, type ConceptGraphOptions, createConceptGraph } from './concepts/concept-graph.ts'
export type { Indexer } from './indexer.ts'
export { contentWords } from './language/terms.ts'
export { createMemory, type Memory, type MemoryOptions } from './memory.ts'
export { noteText } from './subjects.ts'
export type * from './types.ts'
