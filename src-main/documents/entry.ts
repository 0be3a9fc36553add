import { serveReader } from '../../src-core/capture/index.ts'
import { hostPort } from '../host-port.ts'

/** The documents process: reads files that nobody trusts. It holds no data, and ends when its supervisor asks for it or is gone. */

const host = hostPort()
const end = () => process.exit(0)

serveReader(host, end)
host.onGone(end)
// Ctrl-C reaches every process of a terminal; the host closes in order and then ends this one.
process.on('SIGINT', () => undefined)
// Decoders print a line for each broken packet; what the learner is told is the state of the document.
console.error = () => undefined
