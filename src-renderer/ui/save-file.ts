/** Milliseconds in which the browser may still be asking the learner where to. */
const LINGER_MS = 60_000

/** Gives a file to the browser, which asks where to, or puts it where downloads go. */
export function saveFile(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), LINGER_MS)
}
