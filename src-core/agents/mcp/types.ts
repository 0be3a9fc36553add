import type { Readable, Writable } from 'node:stream'
import type { LvaError } from '../../kernel/index.ts'

/** How a server is reached. Values of variables and headers are secrets and stand in none of this. */
export type McpConnection =
  /** A program of this machine, spoken to over its standard input and output. */
  | { transport: 'stdio'; command: string; arguments: string[]; variables: string[] }
  /** Streamable HTTP. */
  | { transport: 'http'; url: string; headers: string[] }

/** The learner's own description of a server; values of secrets that are not named stay as they are kept. */
export type McpConnectionInput =
  | { transport: 'stdio'; commandLine: string; variables: Record<string, string | null> }
  | { transport: 'http'; url: string; headers: Record<string, string | null> }

/** What a server says of one of its tools, cut and with nothing left that could be read as our own marks. Foreign text all the same. */
export interface ToolFacts {
  name: string
  description: string
  /** JSON Schema of the input, an object. */
  parameters: Record<string, unknown>
  /** SHA-256 of all that the server said of the tool, uncut: when it changes, the learner is asked anew. */
  sha256: string
}

/**
 * `accepted`: a model may ask for it; `new`: the learner has not accepted it; `changed`: it is not what was accepted; `gone`: accepted, and
 * the server no longer has it.
 */
export type ToolStanding = 'accepted' | 'new' | 'changed' | 'gone'

/** `unknown`: not connected to since the program started. */
export type ServerState = 'unknown' | 'starting' | 'running' | 'ended' | 'failed'

export interface McpServerView {
  id: string
  name: string
  connection:
    | { transport: 'stdio'; commandLine: string; variables: string[] }
    | { transport: 'http'; url: string; headers: string[] }
  enabled: boolean
  state: ServerState
  /** Why it could not be used last. */
  failure: LvaError | null
  /** The end of what the program wrote to its standard error before it failed, for the learner; foreign text. */
  lastWords: string
  /** Names of variables or headers whose values this device does not have: they came with a backup of another one. */
  missingSecrets: string[]
  /** Those that it has, as far as it was asked, and those that were accepted. */
  tools: (ToolFacts & { standing: ToolStanding })[]
}

/** A server as the table keeps it. */
export interface McpServerRow {
  id: string
  name: string
  connection: McpConnection
  accepted: ToolFacts[]
  enabled: boolean
}

/** Values of a server's variables or headers, where this machine keeps keys. */
export interface McpSecrets {
  get(serverId: string): Promise<Record<string, string>>
  /** An empty record takes them away. */
  set(serverId: string, values: Record<string, string>): Promise<void>
}

export interface ServerProgram {
  command: string
  arguments: readonly string[]
  variables: Record<string, string>
}

/** A program that was started, with all that it starts itself. */
export interface ServerProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Called once; `wasStarted` is false where there is no such program. */
  onExit(listener: (wasStarted: boolean) => void): void
  /** Ends it: politely at first, by force soon after. Resolves when nothing of it runs any more. */
  end(): Promise<void>
}

/** Starts a program that cannot outlive this process, however this process ends. */
export type StartServer = (program: ServerProgram) => ServerProcess

export interface McpLimits {
  /** Longest time for a server to start and to name its tools, in milliseconds. */
  startMs: number
  /** Longest time of one call, in milliseconds. */
  callMs: number
  /** Largest answer, in KB of 2^10 bytes. */
  answerKb: number
  /** A server that was not asked for so long is ended, in milliseconds. */
  idleMs: number
}
