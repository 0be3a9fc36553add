import type { CommandContext } from '../command.ts'

/** Shows how far something is, on one line of a terminal; elsewhere nothing. */
export function showProgress(
  { json }: Pick<CommandContext, 'json'>,
  verb: string,
  { done, total }: { done: number; total: number | null },
): void {
  if (json || !process.stderr.isTTY) return
  const share = total ? `${Math.floor((done / total) * 100)} %` : String(done)
  process.stderr.write(`\r${verb} ${share}${done === total ? '\n' : ''}`)
}
