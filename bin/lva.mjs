#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Starts the command line: the built one, or, in a checkout that has not been built, the source. */
const NEEDED_NODE = 24
const built = new URL('../out/main/cli.js', import.meta.url)
const source = new URL('../src-main/cli.ts', import.meta.url)
const ownNode = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
const entry = [built, source].find((file) => existsSync(file))

if (!entry) {
  console.error('The program has not been built yet. Run "npm ci && npm run build" first.')
  process.exitCode = 1
} else if (Number(process.versions.node.split('.')[0]) >= NEEDED_NODE) {
  await import(entry.href)
} else if (existsSync(ownNode)) {
  const child = spawn(ownNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal interrupts the child as well, which ends in its own time; this process only waits for that.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
} else {
  console.error(`This program needs Node.js ${NEEDED_NODE} or later; this is ${process.versions.node}.`)
  process.exitCode = 1
}
