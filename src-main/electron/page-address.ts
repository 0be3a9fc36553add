/** Where our page lives in the desktop window. A scheme of its own keeps it apart from the web and from files on the disk. */
export const PAGE_SCHEME = 'lva'
export const PAGE_ORIGIN = `${PAGE_SCHEME}://app`

/** Whether an address is our page's. */
export function isOurPage(address: string): boolean {
  return URL.parse(address)?.href.startsWith(`${PAGE_ORIGIN}/`) ?? false
}

/** Whether an address is a link to something of ours, rather than our page. */
export function isLink(address: string): boolean {
  return URL.parse(address)?.protocol === `${PAGE_SCHEME}:` && !isOurPage(address)
}
