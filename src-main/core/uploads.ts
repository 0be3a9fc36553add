import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, isAbsolute, join } from 'node:path'
import type { UploadService } from '../../src-core/contract/server/index.ts'
import { type Closable, LvaError, type NewId } from '../../src-core/kernel/index.ts'

const PREFIX = 'upload:'

interface Upload {
  folder: string
  file: string
  /** Bytes that are still to come. */
  left: number
}

/** Keeps uploads in a private folder beside nothing of the learner's, until it is closed. */
export function createUploads(newId: NewId): UploadService & Closable {
  const uploads = new Map<string, Upload>()
  let root: string | undefined
  const find = (id: string): Upload => {
    const upload = uploads.get(id)
    if (upload) return upload
    throw new LvaError('not-found', 'This file was not sent, or not in this run of the program.', {
      advice: 'Choose the file again.',
    })
  }
  return {
    async begin(name, bytes) {
      root ??= mkdtempSync(join(tmpdir(), 'lva-upload-'))
      const { bavail, bsize } = statfsSync(root)
      if (bytes > bavail * bsize) throw noSpace()
      const id = newId()
      const folder = join(root, id)
      mkdirSync(folder, { mode: 0o700 })
      const file = join(folder, basename(name.replaceAll('\\', '/')).replaceAll('\u0000', '') || 'file')
      writeFileSync(file, '', { mode: 0o600 })
      uploads.set(id, { folder, file, left: bytes })
      return id
    },
    async push(id, bytes) {
      const upload = find(id)
      if (bytes.length > upload.left) {
        throw new LvaError('bad-input', 'The file is longer than was said.', { advice: 'Choose the file again.' })
      }
      try {
        appendFileSync(upload.file, bytes)
      } catch (error) {
        throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? noSpace(error) : error
      }
      upload.left -= bytes.length
    },
    async drop(id) {
      const upload = uploads.get(id)
      uploads.delete(id)
      if (upload) rmSync(upload.folder, { recursive: true, force: true })
    },
    resolve(path) {
      if (!path.startsWith(PREFIX)) {
        if (isAbsolute(path)) return path
        throw new LvaError('bad-input', 'The path must be a whole one.', { advice: 'Begin it with / or a drive.' })
      }
      const upload = find(path.slice(PREFIX.length))
      if (upload.left > 0) {
        throw new LvaError('bad-input', 'The file has not come whole.', { advice: 'Choose the file again.' })
      }
      return upload.file
    },
    async close() {
      uploads.clear()
      if (root !== undefined) rmSync(root, { recursive: true, force: true })
    },
  }
}

function noSpace(cause?: unknown): LvaError {
  return new LvaError('disk-full', 'There is no space left on the disk.', {
    advice: 'Free some space and try again.',
    ...(cause === undefined ? {} : { cause }),
  })
}
