import { parseArgs } from 'node:util'
import { serveApp } from './browser-host/serve-app.ts'
import { builtPageFolder } from './page-files.ts'

/** The browser host as a program: `npm run serve`, and `npm start` where there is no Electron. `--note` is printed above the address. */
const { note } = parseArgs({ options: { note: { type: 'string' } } }).values
process.exitCode = await serveApp({ page: builtPageFolder, ...(note ? { note } : {}) })
