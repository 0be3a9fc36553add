/** The learner's data: Yjs documents and the tables that are their shadow. See docs/vault.md. */
export type { ConceptCorrections, LinkKind } from './concept-maps.ts'
export { LINK_KINDS } from './concept-maps.ts'
export type { VaultLimits, VaultTuning } from './core.ts'
export { SHOWN_TITLE } from './library-reads.ts'
export { countVault, loadUpdates, type StoredUpdate, type VaultCounts, type VaultSnapshot } from './snapshot.ts'
export * from './types.ts'
export { type OpenVault, openVault, type VaultDocuments, type VaultOptions } from './vault.ts'
export { CONCEPTS_JOB, FOLD_JOB, FOLD_SUBJECT, INDEX_JOB, READ_JOB } from './writer.ts'
