/** Export and import in the formats of other programs. See docs/export.md. */
export { createPortable, type Download, type ImportOrigin, type Portable, type PortableOptions } from './portable.ts'
export * from './types.ts'
