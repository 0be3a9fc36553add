import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../backend/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { TextField } from '../../ui/field.tsx'
import { useSyncWork } from './sync-queries.ts'

const SHORTEST_PASSWORD = 10

/** Signs in to an account at a relay, or makes it first. */
export function AccountForm({
  relay = '',
  email = '',
  isKnown = false,
}: {
  relay?: string
  email?: string
  isKnown?: boolean
}) {
  const { t } = useTranslation()
  const [way, setWay] = useState<'signIn' | 'create'>('signIn')
  const [account, setAccount] = useState({ relay, email, password: '' })
  const work = useSyncWork((client) =>
    way === 'create' ? client.sync.createAccount(account) : client.sync.signIn(account),
  )
  const isWhole = Object.values(account).every((value) => value.trim() !== '')
  const isShort = way === 'create' && account.password.length < SHORTEST_PASSWORD
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isWhole && !isShort && !work.isPending) work.mutate()
  }
  const field = (name: keyof typeof account) => ({
    value: account[name],
    onChange: ({ target }: { target: HTMLInputElement }) => setAccount({ ...account, [name]: target.value }),
  })
  return (
    <form onSubmit={submit} className="space-y-5">
      {!isKnown && (
        <Choice<'signIn' | 'create'>
          label={t('settings.sync.account.way')}
          options={(['signIn', 'create'] as const).map((value) => ({
            value,
            label: t(`settings.sync.account.${value}`),
          }))}
          value={way}
          onValue={setWay}
        />
      )}
      <TextField
        label={t('settings.sync.account.relay')}
        help={t('settings.sync.account.relayHelp')}
        placeholder={t('settings.sync.account.relayExample')}
        inputMode="url"
        autoComplete="url"
        spellCheck={false}
        maxLength={500}
        readOnly={isKnown}
        {...field('relay')}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          type="email"
          label={t('settings.sync.account.email')}
          autoComplete="username"
          maxLength={320}
          readOnly={isKnown}
          {...field('email')}
        />
        <TextField
          type="password"
          label={t('settings.sync.account.password')}
          help={way === 'create' ? t('settings.sync.account.passwordHelp') : undefined}
          autoComplete={way === 'create' ? 'new-password' : 'current-password'}
          maxLength={256}
          {...field('password')}
        />
      </div>
      {work.error && <FailureNote failure={toFailure(work.error)} />}
      <Button look="primary" type="submit" disabled={!isWhole || isShort || work.isPending}>
        {t(work.isPending ? 'settings.sync.account.working' : `settings.sync.account.${way}`)}
      </Button>
    </form>
  )
}
