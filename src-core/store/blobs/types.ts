/**
 * Attachments: bytes named by their SHA-256 (64 hex digits, lower case), so that the same bytes are stored once and a name can never mean
 * two things. The acceptance suite is `test/suites/blob-suite.ts`.
 */
export interface BlobStore {
  /**
   * Stores bytes, given whole or in pieces. When it resolves they survive a crash; when it rejects nothing is left.
   * @returns their name
   * @throws LvaError disk-full, folder-not-writable; what the pieces throw
   */
  put(data: Uint8Array | AsyncIterable<Uint8Array>): Promise<string>
  /**
   * The bytes, checked against their name.
   * @throws LvaError not-found; vault-damaged when they are not what was stored; bad-input when `sha256` is no such name
   */
  get(sha256: string): Promise<Uint8Array>
  /**
   * The bytes from `start` to `end` (exclusive), fewer where it ends before; not checked against their name.
   * @throws LvaError not-found, bad-input
   */
  read(sha256: string, start: number, end: number): Promise<Uint8Array>
  has(sha256: string): Promise<boolean>
  /** Bytes, or undefined when there is no such blob. */
  size(sha256: string): Promise<number | undefined>
  /** Deleting what is not there does nothing. */
  delete(sha256: string): Promise<void>
  /** All names, in order. */
  list(): AsyncIterable<string>
}
