import { stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.onnx': 'application/octet-stream',
  '.wav': 'audio/wav',
}

/** The built page, beside the built main files. */
export const builtPageFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../out/renderer/' : '../renderer/', import.meta.url),
)

export interface PageFile {
  path: string
  bytes: number
  type: string
  cache: string
}

/**
 * The file for an address of the page. A name without an ending is a place inside the app and leads to `index.html`.
 * @param pathname path of the address, percent-encoded as it came
 * @returns null when there is no such file; nothing outside `folder` is ever found
 */
export async function findPageFile(folder: string, pathname: string): Promise<PageFile | null> {
  const name = decodePath(pathname)
  if (name === null) return null
  const isPlace = extname(name) === ''
  const path = join(folder, isPlace ? 'index.html' : normalize(name))
  if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return null
  const found = await stat(path).catch(() => null)
  if (!found?.isFile()) return null
  return {
    path,
    bytes: found.size,
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    // The build names each file under assets/ after its content.
    cache: name.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store',
  }
}

function decodePath(pathname: string): string | null {
  try {
    const name = decodeURIComponent(pathname)
    return name.includes('\0') ? null : name
  } catch {
    return null // not a valid encoding, so not a file of ours
  }
}
