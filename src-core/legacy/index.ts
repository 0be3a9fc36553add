/** What the first Learning Voice Agent left behind: import, verify, roll back. See docs/import-v1.md. */
export { createLegacy, type Legacy, type LegacyOptions } from './legacy.ts'
export type { ApologyFlag } from './mapping.ts'
export type * from './types.ts'
