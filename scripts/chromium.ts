import { type ExecFileSyncOptions, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Flags that keep a headless Chromium quiet on a machine without network, GPU or user namespaces. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * The path of a Chromium for tests and screenshots: `LVA_TEST_CHROMIUM`, a known place, or, as root on Debian, freshly installed.
 * @throws Error that says exactly how to install one
 */
export function findChromium(): string {
  const named = process.env.LVA_TEST_CHROMIUM
  if (named) {
    if (!existsSync(named)) throw new Error(`LVA_TEST_CHROMIUM names ${named}, which does not exist.`)
    return named
  }
  const found = PLACES.find((place) => existsSync(place))
  if (found) return found
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error('Installing Chromium from the Debian packages (once).')
    const quiet: ExecFileSyncOptions = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }
    execFileSync('apt-get', ['update', '-qq'], quiet)
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], quiet)
    const installed = PLACES.find((place) => existsSync(place))
    if (installed) return installed
  }
  throw new Error(
    'These tests need Chromium. Install it with "sudo apt-get install chromium" (Debian, Ubuntu) or "brew install --cask chromium" (macOS), ' +
      'or name one that you have: LVA_TEST_CHROMIUM=/path/to/chrome npm run test:e2e',
  )
}
