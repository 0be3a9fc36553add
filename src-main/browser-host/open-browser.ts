import { spawn } from 'node:child_process'

/**
 * Asks the system to show `address` in the default browser. Whether that worked cannot be known everywhere, so the address is always
 * printed as well.
 */
export function openBrowser(address: string): void {
  const [command, ...parameters] = opener(process.platform)
  if (!command) return
  const child = spawn(command, [...parameters, address], { stdio: 'ignore', detached: true, windowsHide: true })
  // A machine without a browser: the printed address remains.
  child.once('error', () => undefined)
  child.unref()
}

function opener(platform: NodeJS.Platform): string[] {
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return ['xdg-open']
}
