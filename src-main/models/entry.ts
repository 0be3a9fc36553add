import { createLog } from '../../src-core/kernel/index.ts'
import { packagedEngines, serveModels } from '../../src-core/models/index.ts'
import { hostPort } from '../host-port.ts'

/** The models process: embeddings and speech. It holds no data, and ends when its supervisor asks for it or is gone. */

const host = hostPort()
const end = () => process.exit(0)

serveModels(
  host,
  (settings) => {
    const log = createLog(settings.logLevel, 'models')
    return { engines: packagedEngines(settings, log), log }
  },
  end,
)
host.onGone(end)
// Ctrl-C reaches every process of a terminal; the host closes in order and then ends this one.
process.on('SIGINT', () => undefined)
