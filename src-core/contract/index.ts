/** What a client needs: the contract, its shapes and the client. Safe in a browser; the router is behind `server/index.ts`. */
export { contract } from './contract.ts'
export * as schemas from './schemas.ts'
export type * from './shapes.ts'
