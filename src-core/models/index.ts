export * from './language/index.ts'
export * from './local/index.ts'
export * from './types.ts'
