/** Finding again what was kept: chunks, indexes, search, and the graph of concepts. */

export { type ConceptGraph, type ConceptGraphOptions, createConceptGraph } from './concepts/concept-graph.ts'
export type { Gap, SuccessOf } from './concepts/gaps.ts'
export { readText, sentencesOf } from './concepts/read.ts'
export type { PeriodTopics, Topic, TopicPassage } from './concepts/topics.ts'
export type { ConceptProgress, Reading, ReadTerm } from './concepts/types.ts'
export type { Indexer } from './indexer.ts'
export { detectLanguage } from './language/detect.ts'
export { createMemory, type Memory, type MemoryOptions } from './memory.ts'
export { RELEVANT } from './relevance.ts'
export { noteText } from './subjects.ts'
export { type Support, supportOf } from './support.ts'
export type * from './types.ts'
