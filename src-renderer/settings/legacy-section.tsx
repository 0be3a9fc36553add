import { useQuery, useQueryClient } from '@tanstack/react-query'
import { FileUp, Pause, Play, Scale, Search, Undo2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type {
  V1ImportReport,
  V1Inspection,
  V1Place,
  V1Progress,
  V1RollbackReport,
  V1VerifyReport,
} from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { type Failure, toFailure } from '../backend/failure.ts'
import { useFormats } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { TextField } from '../ui/field.tsx'
import { ProgressBar } from '../ui/progress.tsx'
import { type CoreWork, useCoreWork } from './core-work.ts'
import { Part, Section } from './section.tsx'
import { sendSource } from './take-home/send-source.ts'
import { V1Imports } from './v1-imports.tsx'
import { V1Found, V1TakenBack, V1Verified } from './v1-reports.tsx'

const IMPORTS = ['v1-imports']
/** Begins what stands for the path of a file that was sent. */
const UPLOAD = 'upload:'

/** Leads through the import from v1: choose, look, import, compare, take back. */
export function LegacySection() {
  const { t } = useTranslation()
  const client = useClient()
  const queries = useQueryClient()
  const work = useCoreWork<V1Progress>()
  const [place, setPlace] = useState<V1Place | null>(null)
  const [found, setFound] = useState<V1Inspection | null>(null)
  const [isPaused, setPaused] = useState(false)
  const [imported, setImported] = useState<V1ImportReport | null>(null)
  const [verified, setVerified] = useState<V1VerifyReport | null>(null)
  const [takenBack, setTakenBack] = useState<V1RollbackReport | null>(null)
  const imports = useQuery({ queryKey: IMPORTS, queryFn: async () => (await client.legacy.list()).imports })

  const forget = () => {
    setPaused(false)
    setImported(null)
    setVerified(null)
    setTakenBack(null)
  }
  const look = async (chosen: V1Place) => {
    forget()
    setFound(null)
    if (place && place.path !== chosen.path && place.path.startsWith(UPLOAD)) {
      void client.portable.forget({ id: place.path.slice(UPLOAD.length) }).catch(() => undefined) // gone already
    }
    setPlace(chosen)
    setFound(reportOf(await work.run((signal) => client.legacy.inspect(chosen, { signal }))))
  }
  const bringOver = async (from: V1Place) => {
    forget()
    const report = reportOf(await work.run((signal) => client.legacy.execute(from, { signal })))
    setImported(report)
    setPaused(report === null)
    await queries.invalidateQueries({ queryKey: IMPORTS })
  }
  const takeBack = async (id: string) => {
    forget()
    setTakenBack(reportOf(await work.run((signal) => client.legacy.rollBack({ id }, { signal }))))
    await queries.invalidateQueries({ queryKey: IMPORTS })
  }
  const isWriting = work.isRunning && (work.progress?.phase === 'writing' || work.progress?.phase === 'removing')
  return (
    <Section title={t('settings.legacy.title')} about={t('settings.legacy.about')}>
      <Part title={t('settings.legacy.choose')}>
        <Chooser isBusy={work.isRunning} onPlace={(chosen) => void look(chosen)} />
      </Part>
      {found && place && (
        <Part title={t('settings.legacy.found')}>
          <V1Found report={found} />
          {!work.isRunning && (
            <div className="flex flex-wrap gap-2">
              {found.fresh > 0 && !imported && (
                <Button look="primary" onClick={() => void bringOver(place)}>
                  <Play />
                  {t(isPaused ? 'settings.legacy.resume' : 'settings.legacy.start')}
                </Button>
              )}
              {isPaused && !work.failure && (
                <Button look="danger" onClick={() => void takeBack(found.importId)}>
                  <Undo2 />
                  {t('settings.legacy.cancel')}
                </Button>
              )}
              {(imported !== null || found.known > 0) && (
                <Button
                  onClick={async () => {
                    setTakenBack(null)
                    setVerified(reportOf(await work.run((signal) => client.legacy.verify(place, { signal }))))
                  }}
                >
                  <Scale />
                  {t('settings.legacy.check')}
                </Button>
              )}
            </div>
          )}
        </Part>
      )}
      {work.isRunning && <Running work={work} stop={t(isWriting ? 'settings.legacy.pause' : 'settings.legacy.stop')} />}
      {work.failure && <FailureNote failure={work.failure} />}
      {!work.isRunning && isPaused && !work.failure && (
        <p role="status" className="text-ink-soft text-ui">
          {t('settings.legacy.paused')}
        </p>
      )}
      {imported && (
        <p role="status" className="text-accent-strong text-ui">
          {t('settings.legacy.imported', { count: imported.added })}
        </p>
      )}
      {verified && <V1Verified report={verified} />}
      {takenBack && <V1TakenBack report={takenBack} />}
      <Part title={t('settings.legacy.imports')}>
        {imports.error ? (
          <FailureNote failure={toFailure(imports.error)} />
        ) : (
          <V1Imports imports={imports.data ?? []} isBusy={work.isRunning} onTakeBack={(id) => void takeBack(id)} />
        )}
      </Part>
    </Section>
  )
}

function reportOf<R>(done: { report: R } | null): R | null {
  return done?.report ?? null
}

/** A file of this device, or a path on the machine of the core. */
function Chooser({ isBusy, onPlace }: { isBusy: boolean; onPlace(place: V1Place): void }) {
  const { t } = useTranslation()
  const { percent } = useFormats()
  const client = useClient()
  const input = useRef<HTMLInputElement>(null)
  const [path, setPath] = useState('')
  const [redis, setRedis] = useState('')
  const [share, setShare] = useState<number | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const withRedis = (chosen: string): V1Place => ({
    path: chosen,
    ...(redis.trim() === '' ? {} : { redis: redis.trim() }),
  })
  const send = async (file: File) => {
    setFailure(null)
    setShare(0)
    try {
      const { signal } = new AbortController()
      for await (const event of sendSource(client, [{ path: file.name, file }], signal)) {
        if (event.type === 'sent') onPlace(withRedis(`${UPLOAD}${event.upload}`))
        else setShare(event.total ? event.done / event.total : 1)
      }
    } catch (error) {
      setFailure(toFailure(error))
    } finally {
      setShare(null)
    }
  }
  return (
    <form
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault()
        if (path.trim() !== '') onPlace(withRedis(path.trim()))
      }}
    >
      <p className="text-ink-soft text-ui">{t('settings.legacy.chooseHelp')}</p>
      <input
        ref={input}
        type="file"
        accept=".db,.zip,.sqlite,.sqlite3"
        className="hidden"
        tabIndex={-1}
        aria-hidden
        data-testid="v1-file"
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) void send(file)
        }}
      />
      <Button disabled={isBusy || share !== null} onClick={() => input.current?.click()}>
        <FileUp />
        {t('settings.legacy.chooseFile')}
      </Button>
      {share !== null && (
        <div>
          <ProgressBar label={t('settings.legacy.chooseFile')} share={share} />
          <p role="status" className="figures mt-2 text-ink-quiet text-meta">
            {t('settings.legacy.uploading', { share: percent(share) })}
          </p>
        </div>
      )}
      {failure && <FailureNote failure={failure} />}
      <TextField
        label={t('settings.legacy.orPath')}
        value={path}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setPath(event.target.value)}
      />
      <TextField
        label={t('settings.legacy.redis')}
        value={redis}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setRedis(event.target.value)}
      />
      <Button type="submit" disabled={isBusy || path.trim() === ''}>
        <Search />
        {t('settings.legacy.look')}
      </Button>
    </form>
  )
}

function Running({ work, stop }: { work: CoreWork<V1Progress>; stop: string }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { progress } = work
  return (
    <div className="space-y-3">
      <ProgressBar
        label={t('settings.legacy.title')}
        share={progress && progress.total > 0 ? progress.done / progress.total : null}
      />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="figures text-ink-quiet text-meta">
          {progress
            ? t(`settings.legacy.phase.${progress.phase}`, {
                done: number(progress.done),
                total: number(progress.total),
              })
            : t('common.loading')}
        </p>
        <Button size="small" onClick={work.stop}>
          <Pause />
          {stop}
        </Button>
      </div>
    </div>
  )
}
