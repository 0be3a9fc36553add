/** A file in a place. */
export interface PlacedFile {
  name: string
  bytes: number
}

/**
 * Where backups are kept. Names are file names without folders. Every implementation passes `test/suites/backup-place-suite.ts`.
 * All methods throw LvaError disk-full, folder-not-writable or backup-place-failed when the place cannot do it, and cancelled once `signal` is aborted.
 */
export interface BackupPlace {
  /** What the learner knows it by: a path, or `s3://bucket/prefix`. */
  readonly label: string
  /** Files whose names end in `.lvabackup`, by name. A place that is not there yet has none. */
  list(signal?: AbortSignal): Promise<PlacedFile[]>
  /**
   * The bytes from `start` to `end`, exclusive; fewer where the file ends before.
   * @throws LvaError not-found
   */
  read(name: string, start: number, end: number, signal?: AbortSignal): Promise<Uint8Array>
  /** Puts a file there, whole or not at all, also after a crash. A failing `pieces` leaves nothing. */
  write(name: string, pieces: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void>
  /** Deletes a file, and what a crash left of writing it. Deleting what is not there does nothing. */
  delete(name: string, signal?: AbortSignal): Promise<void>
}
