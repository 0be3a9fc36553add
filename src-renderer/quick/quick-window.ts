/** Its name, so that there is one. */
const NAME = 'lva-quick'
const FEATURES = 'popup,width=580,height=260'

/** Opens the small window beside this page, or brings it to the front. */
export function openQuick(): void {
  const address = new URL(location.href)
  address.hash = '#/quick'
  window.open(address.href, NAME, FEATURES)
}

/** Closes the small window. A tab that nobody opened this way goes to Talk. */
export function leaveQuick(): void {
  if (window.name === NAME) window.close()
  else location.hash = '#/talk'
}
