import { ensureBuilt } from './ensure-built.ts'

/** `npm run serve`: the app in a browser on this machine. */
ensureBuilt()
const built = new URL('../out/main/serve.js', import.meta.url)
await import(built.href)
