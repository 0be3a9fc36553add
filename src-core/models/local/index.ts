export { hashEmbedder } from './hash-embedder.ts'
export { MINILM_INFO, type MiniLmOptions, openMiniLm } from './minilm.ts'
