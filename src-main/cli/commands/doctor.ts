import type { Check } from '../../../src-core/contract/index.ts'
import { toLvaError } from '../../../src-core/kernel/index.ts'
import { EXIT } from '../../exit-codes.ts'
import type { CommandContext } from '../command.ts'
import { harmless } from '../terminal.ts'

/** Checks the installation. @returns exit code 1 when something is wrong */
export async function doctor(context: CommandContext): Promise<number> {
  const { terminal, json } = context
  const checks = await look(context)
  if (json) terminal.json({ checks })
  else for (const check of checks) printCheck(context, check)
  return checks.every(({ ok }) => ok) ? EXIT.done : EXIT.failed
}

/** A folder that cannot even be opened is a finding too. */
async function look({ surroundings, client, signal }: CommandContext): Promise<Check[]> {
  try {
    return (await (await client()).app.doctor(undefined, { signal })).checks
  } catch (error) {
    if (signal.aborted) throw error
    const { message, advice } = toLvaError(error)
    return [{ name: `data folder ${surroundings.dataDir}`, ok: false, detail: message, advice }]
  }
}

function printCheck({ terminal }: CommandContext, { name, ok, detail, advice }: Check): void {
  terminal.line(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(20)}  ${harmless(detail)}`)
  if (!ok && advice !== '') terminal.line(`${' '.repeat(30)}${advice}`)
}
