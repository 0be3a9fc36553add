/** The router behind the contract and what serves it; for the hosts' core process, not for clients. */
export { createRouter } from './router.ts'
export { type ClientContext, type ContractServer, createContractServer } from './serve-connection.ts'
export type * from './services.ts'
