/** Times in milliseconds and sizes, which tests make small. */
export interface SyncTuning {
  /** First wait after a failed connection; it doubles up to the longest. */
  retryMs: number
  longestRetryMs: number
  /** After so long without a word the relay is asked for one; after as long again it counts as gone. */
  pingMs: number
  /** Where nothing is answered for so long, the connection is made anew. */
  answerMs: number
  /** Changes of this device are sent together when none has come for so long, and after the second at the latest. */
  gatherMs: number
  longestGatherMs: number
  /** A room says its digest when it has been still for so long. */
  quietMs: number
  /** So long a frame waits for its device to be introduced. */
  strangerMs: number
  /** Sending is tried again so long after the account was full. */
  quotaMs: number
  /** Rooms that are asked for at once, and that are followed at all. */
  askedRooms: number
  followedRooms: number
  /** Frames that are sent before the first of them is acknowledged. */
  window: number
  /** A snapshot is due when so many frames came after what the last one covers. */
  snapshotFrames: number
  /** Bytes that wait to be worked on before the socket is read no further. */
  inboxBytes: number
  /** Messages in ten seconds; the relay refuses at 5,000. */
  messages: number
}

export const DEFAULT_SYNC_TUNING: SyncTuning = {
  retryMs: 1_000,
  longestRetryMs: 60_000,
  pingMs: 30_000,
  answerMs: 60_000,
  gatherMs: 300,
  longestGatherMs: 1_500,
  quietMs: 60_000,
  strangerMs: 30_000,
  quotaMs: 600_000,
  askedRooms: 16,
  followedRooms: 500,
  window: 64,
  snapshotFrames: 500,
  inboxBytes: 4 * 2 ** 20,
  messages: 4_000,
}

/** The window in which the relay counts messages. */
export const MESSAGES_MS = 10_000
