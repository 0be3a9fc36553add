import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FileUp, FolderUp, Play, Undo2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportReport } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { toFailure } from '../../backend/failure.ts'
import { useDropMeaning } from '../../documents/adding.tsx'
import { useFormats } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { useCoreWork } from '../core-work.ts'
import { Part } from '../section.tsx'
import { ReportOf } from './import-report.tsx'
import { PastImports, type TakenBack, TakenBackNote } from './past-imports.tsx'
import { sendSource } from './send-source.ts'
import { chosenFiles, MOST_SOURCE_FILES, type SourceFile, sourceFilesIn } from './source-files.ts'
import { inPhase, Running, type TakeHomeProgress } from './take-home-progress.tsx'

const IMPORTS = ['portable-imports']

/** What was sent and looked at. */
interface Looked {
  type: 'done'
  upload: string
  refused: readonly string[]
  report: ImportReport
}

interface Imported {
  type: 'done'
  report: ImportReport & { id: string }
}

/** Leads through an import: choose, look at what it would bring, bring it, take it back. */
export function ImportPart() {
  const { t } = useTranslation()
  const client = useClient()
  const queries = useQueryClient()
  const work = useCoreWork<TakeHomeProgress>()
  const [isTooMany, setTooMany] = useState(false)
  const [looked, setLooked] = useState<Looked | null>(null)
  const [isPaused, setPaused] = useState(false)
  const [imported, setImported] = useState<Imported['report'] | null>(null)
  const [takenBack, setTakenBack] = useState<TakenBack | null>(null)
  const imports = useQuery({ queryKey: IMPORTS, queryFn: async () => (await client.portable.imports()).imports })
  const upload = useLetGo()

  const clear = () => {
    setTooMany(false)
    setPaused(false)
    setImported(null)
    setTakenBack(null)
  }
  const look = async (files: readonly SourceFile[] | null) => {
    if (work.isRunning || files?.length === 0) return
    clear()
    setLooked(null)
    setTooMany(files === null)
    if (files === null) return
    const found = await work.run<Looked>(async (signal) => sendAndLook(client, files, upload.keep, signal))
    setLooked(found)
  }
  const bring = async ({ upload: id }: Looked) => {
    clear()
    const done = await work.run<Imported>(async (signal) =>
      inPhase('importing', await client.portable.import({ origin: { upload: id } }, { signal })),
    )
    setImported(done?.report ?? null)
    setPaused(done === null)
    if (done) upload.letGo()
    await queries.invalidateQueries({ queryKey: IMPORTS })
  }
  const takeBack = async (id: string) => {
    clear()
    setLooked(null)
    upload.letGo()
    setTakenBack(
      await work.run<TakenBack>(async (signal) =>
        inPhase('removing', await client.portable.rollBack({ id }, { signal })),
      ),
    )
    await queries.invalidateQueries({ queryKey: IMPORTS })
  }
  useDropMeaning(t('settings.takeHome.drop'), (entries) => void sourceFilesIn(entries).then(look))
  const newest = imports.data?.[0]
  return (
    <>
      <Part title={t('settings.takeHome.import')}>
        <Chooser isBusy={work.isRunning} onFiles={(files) => void look(files)} />
        {isTooMany && (
          <p role="alert" className="text-danger text-ui">
            {t('settings.takeHome.tooMany', { most: MOST_SOURCE_FILES })}
          </p>
        )}
        {looked && !imported && <ReportOf report={looked.report} refused={looked.refused} />}
        {work.isRunning && <Running work={work} />}
        {work.failure && <FailureNote failure={work.failure} />}
        {looked && !work.isRunning && !imported && !takenBack && (
          <AfterLooking
            looked={looked}
            isPaused={isPaused && !work.failure}
            onStart={() => void bring(looked)}
            onTakeBack={newest && isPaused ? () => void takeBack(newest.id) : null}
          />
        )}
        {imported && <ImportedNote report={imported} />}
        {takenBack && <TakenBackNote result={takenBack} />}
      </Part>
      <Part title={t('settings.takeHome.imports')}>
        {imports.error ? (
          <FailureNote failure={toFailure(imports.error)} />
        ) : (
          <PastImports imports={imports.data ?? []} isBusy={work.isRunning} onTakeBack={(id) => void takeBack(id)} />
        )}
      </Part>
    </>
  )
}

/** Lets go of what was sent when other files are chosen, and when the learner leaves. */
function useLetGo() {
  const client = useClient()
  const kept = useRef<string | null>(null)
  const letGo = () => {
    const id = kept.current
    kept.current = null
    if (id !== null) void client.portable.forget({ id }).catch(() => undefined) // gone with the line
  }
  const latest = useRef(letGo)
  latest.current = letGo
  useEffect(() => () => latest.current(), [])
  return {
    keep: (id: string) => {
      letGo()
      kept.current = id
    },
    letGo,
  }
}

async function* sendAndLook(
  client: ReturnType<typeof useClient>,
  files: readonly SourceFile[],
  keep: (upload: string) => void,
  signal: AbortSignal,
): AsyncGenerator<TakeHomeProgress | Looked> {
  for await (const event of sendSource(client, files, signal)) {
    if (event.type === 'progress') yield event
    else {
      const { upload, refused } = event
      keep(upload)
      const looking = await client.portable.inspect({ origin: { upload } }, { signal })
      for await (const step of inPhase('reading', looking)) {
        yield step.type === 'progress' ? step : { ...step, upload, refused }
      }
    }
  }
}

/** A place to drop, and the system's own dialogs for files and for a folder. */
function Chooser({ isBusy, onFiles }: { isBusy: boolean; onFiles(files: SourceFile[] | null): void }) {
  const { t } = useTranslation()
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const input = (ref: typeof files, isFolder: boolean) => (
    <input
      ref={ref}
      type="file"
      multiple
      className="hidden"
      tabIndex={-1}
      aria-hidden
      data-testid={isFolder ? 'import-folder' : 'import-files'}
      {...(isFolder && { webkitdirectory: '' })}
      onChange={(event) => {
        const chosen = chosenFiles(event.target.files ?? [])
        event.target.value = ''
        onFiles(chosen)
      }}
    />
  )
  return (
    <div className="rounded-xl border border-line-strong border-dashed bg-sunken px-5 py-6">
      <p className="font-medium text-ui">{t('settings.takeHome.dropHere')}</p>
      <p className="mt-1 text-ink-soft text-meta">{t('settings.takeHome.known')}</p>
      {input(files, false)}
      {input(folder, true)}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button disabled={isBusy} onClick={() => files.current?.click()}>
          <FileUp />
          {t('settings.takeHome.chooseFiles')}
        </Button>
        <Button disabled={isBusy} onClick={() => folder.current?.click()}>
          <FolderUp />
          {t('settings.takeHome.chooseFolder')}
        </Button>
      </div>
    </div>
  )
}

/** Whether to bring it; while it is paused, whether to go on or to take back what came so far. */
function AfterLooking({
  looked,
  isPaused,
  onStart,
  onTakeBack,
}: {
  looked: Looked
  isPaused: boolean
  onStart(): void
  onTakeBack: (() => void) | null
}) {
  const { t } = useTranslation()
  const { counts, settings, corrections } = looked.report
  const isNew = counts.sessions + counts.captures + counts.notes + counts.documents + settings.length + corrections > 0
  if (!isNew) return <p className="text-ink-soft text-ui">{t('settings.takeHome.nothingNew')}</p>
  return (
    <div className="space-y-3">
      {isPaused && (
        <p role="status" className="text-ink-soft text-ui">
          {t('settings.takeHome.paused')}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={onStart}>
          <Play />
          {isPaused ? t('settings.takeHome.goOn') : t('settings.takeHome.startImport')}
        </Button>
        {isPaused && onTakeBack && (
          <Button look="danger" onClick={onTakeBack}>
            <Undo2 />
            {t('settings.takeHome.stopAndTakeBack')}
          </Button>
        )}
      </div>
    </div>
  )
}

function ImportedNote({ report }: { report: ImportReport }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { captures, notes, documents } = report.counts
  const entries = captures + notes + documents
  const tab = captures > 0 ? 'captures' : notes > 0 ? 'notes' : 'documents'
  return (
    <div role="status" className="rounded-xl border border-line bg-surface px-4 py-3 text-ui">
      <p className="font-medium text-accent-strong">
        {t('settings.takeHome.imported', { count: entries, shown: number(entries) })}
      </p>
      <Link to="/library" search={{ tab }} className="mt-1 inline-block underline underline-offset-2">
        {t('settings.takeHome.seeLibrary')}
      </Link>
    </div>
  )
}
