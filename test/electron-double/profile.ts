import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What one run of the double keeps outside the app's own folders; gone when it ends. */
export const profile = mkdtempSync(join(tmpdir(), 'electron-double-'))

export function removeProfile(): void {
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
}
