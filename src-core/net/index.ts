/** What is fetched from the open web, and what is not. One guard for the whole program. */
export { checkedAddress, type Openness } from './checked-address.ts'
export {
  createGuardedFetch,
  createOpenDownload,
  type GuardedAnswer,
  type GuardedDownload,
  type GuardedFetch,
  type GuardedPieces,
  type GuardedRequest,
  type OpenDownload,
  USER_AGENT,
} from './guarded-fetch.ts'
export { isOpenAddress } from './open-address.ts'
