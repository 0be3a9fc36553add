import { LvaError } from '../../kernel/index.ts'

/** @throws LvaError bad-input: a name becomes a path, and must be nothing else */
export function checkBlobName(sha256: string): void {
  if (!isBlobName(sha256)) throw new LvaError('bad-input', 'This is not the name of an attachment.')
}

export function isBlobName(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

export function blobNotFound(sha256: string): LvaError {
  return new LvaError('not-found', 'This attachment is not stored here.', { params: { sha256 } })
}
