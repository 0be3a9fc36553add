type Handler = (request: Request) => Response | Promise<Response>
interface CustomScheme {
  scheme: string
  privileges?: { standard?: boolean; secure?: boolean }
}

/**
 * `electron.protocol`. Chromium does not know the app's scheme, so that the double shows `scheme://host/path` as
 * `http://host.scheme.localhost/path` (which counts as secure) and answers it by intercepting the request.
 */
export class Protocol {
  readonly #schemes = new Set<string>()
  readonly #handlers = new Map<string, Handler>()

  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    for (const { scheme, privileges } of schemes) {
      if (!privileges?.standard || !privileges.secure)
        throw new Error('the Electron double imitates only standard and secure schemes')
      this.#schemes.add(scheme)
    }
  }

  handle(scheme: string, handler: Handler): void {
    if (!this.#schemes.has(scheme)) throw new Error(`the scheme ${scheme} was not registered as privileged`)
    this.#handlers.set(scheme, handler)
  }

  /** The address under which Chromium shows an address of the app. */
  toChromium(address: string): string {
    const found = /^([a-z]+):\/\/([^/]*)(.*)$/.exec(address)
    return found && this.#schemes.has(String(found[1]))
      ? `http://${found[2]}.${found[1]}.localhost${found[3]}`
      : address
  }

  /** The address that the app knows. */
  fromChromium(address: string): string {
    const found = /^http:\/\/([^/]*)\.([a-z]+)\.localhost(.*)$/.exec(address)
    return found && this.#schemes.has(String(found[2])) ? `${found[2]}://${found[1]}${found[3]}` : address
  }

  /** The app's answer, or undefined for addresses that are not the app's. */
  async answer(address: string): Promise<Response | undefined> {
    const known = this.fromChromium(address)
    const handler = this.#handlers.get(known.split(':')[0] ?? '')
    return handler?.(new Request(known))
  }
}
