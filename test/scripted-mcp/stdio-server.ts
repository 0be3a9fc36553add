import { spawn } from 'node:child_process'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { scriptedServer } from './tools.ts'

/** A real MCP server over standard input and output: `node stdio-server.ts [behaviour]`. */
const behaviours: Record<string, () => unknown> = {
  good: serve,
  /** Ends at once, saying why. */
  'ends-at-once': () => {
    console.error(`no key given, got ${process.env.SECRET_KEY}`)
    process.exit(3)
  },
  /** Never says a word. */
  silent: () => process.stdin.resume(),
  /** Says what is no message, without end. */
  garbage: () => {
    const more = () => {
      while (process.stdout.write('Listening on port 3000 ...\n'));
      process.stdout.once('drain', more)
    }
    more()
  },
  /** One line without end. */
  'endless-line': () => {
    const more = () => {
      while (process.stdout.write('w'.repeat(65_536)));
      process.stdout.once('drain', more)
    }
    more()
  },
  /** Complains without end, and works. */
  noisy: () => {
    setInterval(() => process.stderr.write('warning: deprecated\n'.repeat(1_000)), 1)
    return serve()
  },
  /** Logs where its messages belong, and works. */
  chatty: () => {
    console.log('Server is starting')
    return serve()
  },
  /** Ends for nobody, and has started another program that does neither. */
  stubborn: () => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
    spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => undefined); setInterval(() => undefined, 1_000)'], {
      stdio: 'ignore',
    })
    setInterval(() => undefined, 1_000)
    return serve()
  },
}

function serve() {
  return scriptedServer().connect(new StdioServerTransport())
}

await behaviours[process.argv[2] ?? 'good']?.()
