import { systemClock } from '../src-core/kernel/index.ts'
import { createStartServer } from '../src-main/mcp/start-server.ts'

/** A core to be killed: starts the program that it is told, says so when the program has answered, and stays. */
const [command = '', ...words] = process.argv.slice(2)
const program = createStartServer(systemClock)({ command, arguments: words, variables: {} })
const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
program.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: hello })}\n`)
program.stdout.once('data', () => process.send?.('answered'))
