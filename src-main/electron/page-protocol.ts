import { readFile } from 'node:fs/promises'
import { type Protocol, protocol } from 'electron'
import { findPageFile } from '../page-files.ts'
import { pageHeaders } from '../page-headers.ts'
import { PAGE_ORIGIN, PAGE_SCHEME } from './page-address.ts'

/** Must run before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the built page, with the headers of the browser host, under its own scheme. */
export function servePage(target: Protocol, folder: string): void {
  const headers = pageHeaders()
  target.handle(PAGE_SCHEME, async (request) => {
    const url = new URL(request.url)
    const file = url.href.startsWith(`${PAGE_ORIGIN}/`) ? await findPageFile(folder, url.pathname) : null
    if (!file) return new Response('Not found', { status: 404, headers: { ...headers, 'content-type': 'text/plain' } })
    return new Response(await readFile(file.path), {
      headers: { ...headers, 'content-type': file.type, 'cache-control': file.cache },
    })
  })
}
