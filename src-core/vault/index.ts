/** The learner's data: Yjs documents and the tables that are their shadow. See docs/vault.md. */
export type { VaultLimits, VaultTuning } from './core.ts'
export * from './types.ts'
export { type OpenVault, openVault, type VaultDocuments, type VaultOptions } from './vault.ts'
export { INDEX_JOB } from './writer.ts'
