import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { LvaError } from '../../kernel/index.ts'

/** A file of an npm package that is part of the program: where it lies and what its bytes must hash to. */
export interface PackageFile {
  /** npm package that holds it. */
  package: string
  /** Path inside the package. */
  path: string
  /** SHA-256 of the whole file, hexadecimal. */
  sha256: string
}

/** SHA-256 of `bytes` as 64 hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** SHA-256 of a file, read through one small buffer so that a large file leaves no trace in memory. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  const buffer = new Uint8Array(1 << 18)
  const file = await open(path)
  try {
    for (let read = await file.read(buffer); read.bytesRead > 0; read = await file.read(buffer)) {
      hash.update(buffer.subarray(0, read.bytesRead))
    }
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

/**
 * Reads a file of a package and checks it against its pinned hash.
 * @throws LvaError model-files-damaged when it is missing or its bytes are not the expected ones
 */
export async function readPackageFile(file: PackageFile): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(locate(file)).catch((error: unknown) => {
    throw damaged(file, error)
  })
  if (sha256(bytes) !== file.sha256) throw damaged(file)
  return bytes
}

/**
 * The place of a file of a package, after checking its bytes against the pinned hash.
 * @throws LvaError model-files-damaged when it is missing or its bytes are not the expected ones
 */
export async function checkPackageFile(file: PackageFile): Promise<string> {
  const path = locate(file)
  const found = await sha256OfFile(path).catch((error: unknown) => {
    throw damaged(file, error)
  })
  if (found !== file.sha256) throw damaged(file)
  return path
}

function locate(file: PackageFile): string {
  try {
    const manifest = findPackageJSON(file.package, import.meta.url)
    if (manifest) return join(dirname(manifest), file.path)
  } catch (error) {
    throw damaged(file, error)
  }
  throw damaged(file)
}

function damaged(file: PackageFile, cause?: unknown): LvaError {
  return new LvaError('model-files-damaged', `The model file ${file.path} of ${file.package} is missing or damaged.`, {
    advice: 'Install the program again; in a checkout, run "npm ci".',
    params: { package: file.package, file: file.path },
    cause,
  })
}
