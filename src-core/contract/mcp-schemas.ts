import { z } from 'zod'
import { wireError } from './schemas.ts'

/** What crosses about MCP servers; the meaning stands beside the types of `src-core/agents/mcp`. */

const name = z.string().max(200)
const secretName = z.string().min(1).max(200)
/** By name; null keeps the value that is there. Values never come back. */
const secretValues = z.record(secretName, z.string().max(10_000).nullable())

export const mcpConnectionInput = z.discriminatedUnion('transport', [
  z.object({ transport: z.literal('stdio'), commandLine: z.string().max(8_000), variables: secretValues }),
  z.object({ transport: z.literal('http'), url: z.string().max(2_000), headers: secretValues }),
])

export const mcpTool = z.object({
  name: z.string(),
  /** The server's own words, cut. */
  description: z.string(),
  /** JSON Schema of the input. */
  parameters: z.record(z.string(), z.unknown()),
  sha256: z.string(),
  standing: z.enum(['accepted', 'new', 'changed', 'gone']),
})

export const mcpServer = z.object({
  id: z.string(),
  name: z.string(),
  connection: z.discriminatedUnion('transport', [
    z.object({ transport: z.literal('stdio'), commandLine: z.string(), variables: z.array(z.string()) }),
    z.object({ transport: z.literal('http'), url: z.string(), headers: z.array(z.string()) }),
  ]),
  enabled: z.boolean(),
  state: z.enum(['unknown', 'starting', 'running', 'ended', 'failed']),
  failure: wireError.nullable(),
  lastWords: z.string(),
  missingSecrets: z.array(z.string()),
  tools: z.array(mcpTool),
})

export const mcpAdd = z.object({ name, connection: mcpConnectionInput })
export const mcpEdit = z.object({ name: name.optional(), connection: mcpConnectionInput.optional() })
/** Exactly these tools, as they were shown. */
export const mcpAccepted = z.array(z.object({ name: z.string().max(200), sha256: z.string().length(64) })).max(100)
