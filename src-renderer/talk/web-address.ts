/** Whether it is one that may be opened outside: what was found elsewhere names its own address. */
export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url)
}

/** The host of an address, as people know it. */
export function hostOf(url: string): string {
  try {
    return new URL(url).hostname.replace(/^www\./, '')
  } catch {
    return url
  }
}
