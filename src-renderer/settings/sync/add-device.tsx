import { type FormEvent, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AdmitEvent } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { toFailure } from '../../backend/failure.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SafetyNumber } from './safety-number.tsx'
import { ScanCode } from './scan-code.tsx'
import { useSyncWork } from './sync-queries.ts'
import { useSteps } from './use-steps.ts'

/** The old device: takes the code of the new one, and lets it in once the learner says that the numbers are equal. */
export function AddDevice({ onDone }: { onDone(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const { step, failure, begin } = useSteps<AdmitEvent>()
  const [code, setCode] = useState('')
  const [answer, setAnswer] = useState<'none' | 'equal' | 'different'>('none')
  const [isLooking, setLooking] = useState(false)
  const look = useCallback(
    async (shown: string) => {
      setCode(shown)
      setAnswer('none')
      setLooking(true)
      await begin((signal) => client.sync.admit({ code: shown }, { signal }))
      setLooking(false)
    },
    [begin, client],
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (code.trim() !== '' && !isLooking) void look(code)
  }
  const answering = useSyncWork(({ sync }, given: { id: string; equal: boolean }) => sync.answer(given))
  const say = (equal: boolean) => {
    if (step?.state !== 'compare') return
    setAnswer(equal ? 'equal' : 'different')
    answering.mutate({ id: step.id, equal }, { onError: () => setAnswer('none') })
  }
  const frame = 'space-y-4 rounded-xl border border-line bg-surface px-4 py-4 sm:px-5'
  if (step?.state === 'added') {
    return (
      <div className={frame}>
        <Notice>{t('settings.sync.add.added')}</Notice>
        <Button onClick={onDone}>{t('common.close')}</Button>
      </div>
    )
  }
  if (step?.state === 'compare' && !failure && answer !== 'different') {
    const name = step.name === '' ? t('settings.sync.devices.unnamed') : step.name
    return (
      <div className={frame}>
        <h4 className="font-semibold text-ui">{t('settings.sync.add.compareTitle', { name })}</h4>
        <SafetyNumber number={step.number} />
        <p role="status" className="max-w-[60ch] text-ink-soft text-ui">
          {t(answer === 'equal' ? 'settings.sync.add.adding' : 'settings.sync.add.compareMore')}
        </p>
        {answering.error && <FailureNote failure={toFailure(answering.error)} />}
        <div className="flex flex-wrap gap-2">
          <Button look="primary" disabled={answer !== 'none'} onClick={() => say(true)}>
            {t('settings.sync.add.equal')}
          </Button>
          <Button look="danger" disabled={answer !== 'none'} onClick={() => say(false)}>
            {t('settings.sync.add.different')}
          </Button>
        </div>
      </div>
    )
  }
  return (
    <form onSubmit={submit} className={frame}>
      <h4 className="font-semibold text-ui">{t('settings.sync.add.title')}</h4>
      <ol className="list-decimal space-y-1 pl-5 text-ink-soft text-ui marker:text-ink-quiet">
        <li>{t('settings.sync.add.first')}</li>
        <li>{t('settings.sync.add.second')}</li>
      </ol>
      <TextField
        autoFocus
        label={t('settings.sync.add.code')}
        help={t('settings.sync.add.codeHelp')}
        placeholder={t('settings.sync.add.codeExample')}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={200}
        value={code}
        onChange={({ target }) => setCode(target.value)}
      />
      <ScanCode onCode={look} />
      {answer === 'different' && <Notice>{t('settings.sync.add.refused')}</Notice>}
      {failure && <FailureNote failure={failure} />}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={code.trim() === '' || isLooking}>
          {t(isLooking ? 'settings.sync.add.looking' : 'settings.sync.add.look')}
        </Button>
        <Button look="quiet" onClick={onDone}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  )
}
