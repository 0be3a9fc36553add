import { isLvaError } from '../kernel/index.ts'
import type { ImportedCapture } from '../vault/index.ts'
import { refuseIfAborted } from './faults.ts'
import { inspect, isTooLong } from './inspect.ts'
import { captureOfExchange, Mapper } from './mapping.ts'
import type { OpenedPlace } from './opened.ts'
import type { ImportReport, OnProgress } from './types.ts'
import type { Workshop } from './workshop.ts'

/**
 * Brings everything into the vault (docs/import-v1.md §5). Everything is read once before anything is written. Stopped or killed anywhere,
 * the next run goes on.
 * @throws LvaError legacy-damaged, legacy-changed, disk-full, cancelled
 */
export async function execute(
  workshop: Workshop,
  opened: OpenedPlace,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<ImportReport> {
  const { report: inspection, firstInstant } = await inspect(workshop, opened, onProgress, signal)
  const { importId } = inspection
  const record = (await workshop.records.list()).find(({ id }) => id === importId)
  if (inspection.fresh === 0) {
    if (record?.state === 'running' || record?.state === 'paused') await setState(workshop, importId, 'complete')
    return { inspection, added: 0, known: inspection.known, dump: null }
  }
  const dump = await dumpFirst(workshop, record, onProgress)
  const { name, sha256, bytes, rows } = inspection
  const startedAt = now(workshop)
  await workshop.records.begin(importId, { kind: 'v1', name, sha256, bytes, rows, startedAt, dump }, startedAt)
  try {
    const { added, known } = await write(workshop, opened, firstInstant, inspection.rows, onProgress, signal)
    await opened.checkUnchanged()
    await setState(workshop, importId, 'complete')
    return { inspection, added, known, dump }
  } catch (error) {
    if (isLvaError(error, 'cancelled')) await setState(workshop, importId, 'paused')
    throw error
  }
}

/** One dump for an import, however often it is begun: the first is the vault without it. */
async function dumpFirst(
  workshop: Workshop,
  record: { state: string; dump: string | null } | undefined,
  onProgress: OnProgress,
): Promise<string | null> {
  const isResumed = record?.state === 'running' || record?.state === 'paused'
  if (isResumed && record?.dump != null && workshop.hasDump(record.dump)) return record.dump
  onProgress({ phase: 'dumping', done: 0, total: 0 })
  return workshop.takeDump()
}

async function write(
  { vault, textLength, apologies }: Workshop,
  { source, importId, exchanges }: OpenedPlace,
  firstInstant: string | null,
  total: number,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<{ added: number; known: number }> {
  const mapper = new Mapper(importId, apologies, firstInstant)
  const counts = { added: 0, known: 0 }
  let done = 0
  const add = async (captures: readonly ImportedCapture[]) => {
    const { added, known } = await vault.imports.add(captures)
    counts.added += added
    counts.known += known
  }
  onProgress({ phase: 'writing', done, total })
  for await (const rows of source.rows(signal)) {
    await add(
      rows.map((row) => mapper.map(row)).flatMap(({ row, capture }) => (isTooLong(row, textLength) ? [] : [capture])),
    )
    done += rows.length
    onProgress({ phase: 'writing', done, total })
  }
  refuseIfAborted(signal)
  await add(exchanges.map((exchange) => captureOfExchange(exchange, importId, apologies)))
  return counts
}

function setState({ records, clock }: Workshop, importId: string, state: 'paused' | 'complete'): Promise<void> {
  return records.setState(importId, { state, at: new Date(clock.now()).toISOString() })
}

function now({ clock }: Workshop): string {
  return new Date(clock.now()).toISOString()
}
