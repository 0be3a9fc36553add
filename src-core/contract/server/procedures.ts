import { implement } from '@orpc/server'
import { contract } from '../contract.ts'
import type { ClientContext } from './serve-connection.ts'

/** The contract's procedures, to be given their handlers. */
export const procedures = implement(contract).$context<ClientContext>()
