export * from './local/index.ts'
export * from './types.ts'
