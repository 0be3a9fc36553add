/** Its name, so that there is one. */
const NAME = 'lva-quick'
const FEATURES = 'popup,width=580,height=260'

/** Opens the small window beside this page, or brings it to the front; where no window may be opened, as in the desktop's, its page here. */
export function openQuick(): void {
  const address = new URL(location.href)
  address.hash = '#/quick'
  if (!window.open(address.href, NAME, FEATURES)) location.hash = '#/quick'
}

/** Whether this page is the small window, and not in the place of another page. */
export function isQuickWindow(): boolean {
  return window.name === NAME
}

/** Closes the small window. A tab that nobody opened this way goes to Talk. */
export function leaveQuick(): void {
  if (isQuickWindow()) window.close()
  else location.hash = '#/talk'
}
