import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * `npm run complete-lock [-- FOLDER]`, after a change of dependencies: names the native packages of all platforms in the folder's
 * package-lock.json, that of the checkout when none is named.
 *
 * npm leaves out optional packages that the registry at hand does not serve, and `npm ci` then refuses the lock file. A registry mirror
 * often serves only the platform it is used on. The names and exact versions are known from the package that asks for them; npm checks
 * the integrity of those it installs here, and asks the registry for that of the others where they are installed.
 */
interface Locked {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'win32', 'openharmony', 'wasi']
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'wasm32']
const LIBRARIES: Record<string, string> = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl' }

const file = resolve(process.argv[2] ?? resolve(import.meta.dirname, '..'), 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> }
const added: string[] = []
for (const asker of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(asker.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`
    // Ranges are none of the exact pins with which a package names its own native parts.
    if (lock.packages[place] || !/^\d+\.\d+\.\d+/.test(version) || !/-/.test(name)) continue
    const parts = name.split('/').at(-1)?.split('-') ?? []
    const only = (known: readonly string[]) => parts.filter((part) => known.includes(part))
    const libraries = parts.flatMap((part) => LIBRARIES[part] ?? [])
    lock.packages[place] = {
      version,
      cpu: only(PROCESSORS),
      ...(asker.dev && { dev: true }),
      ...(libraries.length > 0 && { libc: libraries }),
      optional: true,
      os: only(SYSTEMS),
    }
    added.push(name)
  }
}
const [root, ...rest] = Object.entries(lock.packages)
const sorted = rest.sort(([a], [b]) => (a < b ? -1 : 1))
lock.packages = Object.fromEntries(root ? [root, ...sorted] : sorted)
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(added.length === 0 ? 'The lock file is complete.' : `Named ${added.length}: ${added.join(', ')}`)
