import { appProcedures } from './app.ts'
import { attachmentProcedures } from './attachments.ts'
import { backupProcedures } from './backup.ts'
import { documentProcedures } from './documents.ts'
import { graphProcedures } from './graph.ts'
import { legacyProcedures } from './legacy.ts'
import { mcpProcedures } from './mcp.ts'
import { learnerProcedures } from './memories.ts'
import { memoryProcedures } from './memory.ts'
import { pictureProcedures } from './pictures.ts'
import { portableProcedures } from './portable.ts'
import { preferenceProcedures } from './preferences.ts'
import { procedures } from './procedures.ts'
import { researchProcedures } from './research.ts'
import type { Services } from './services.ts'
import { syncProcedures } from './sync.ts'
import { talkProcedures } from './talk.ts'
import { timelineProcedures } from './timeline.ts'

/** Every procedure of the contract over `services`. */
export function createRouter(services: Services) {
  return procedures.router({
    app: appProcedures(services),
    ...backupProcedures(services),
    ...memoryProcedures(services),
    ...learnerProcedures(services),
    ...documentProcedures(services),
    ...graphProcedures(services),
    ...talkProcedures(services),
    ...pictureProcedures(services),
    ...preferenceProcedures(services),
    ...researchProcedures(services),
    ...mcpProcedures(services),
    ...syncProcedures(services),
    ...attachmentProcedures(services),
    ...legacyProcedures(services),
    ...portableProcedures(services),
    ...timelineProcedures(services),
  })
}
