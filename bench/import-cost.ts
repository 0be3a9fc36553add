import { pathToFileURL } from 'node:url'

/** The child of the bench `coordination`: what importing one module takes in a process that has nothing else. */
const before = process.memoryUsage.rss()
const begun = performance.now()
await import(pathToFileURL(process.argv[2] as string).href)
const ms = performance.now() - begun
console.log(JSON.stringify({ ms, mb: (process.memoryUsage.rss() - before) / 2 ** 20 }))
