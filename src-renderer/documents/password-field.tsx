import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import type { Failure } from '../backend/failure.ts'
import { useTellFailure } from '../library/history.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'

const WANT_PASSWORD: ReadonlySet<Failure['code']> = new Set(['document-locked', 'document-password-wrong'])

/** Asks for the password of a protected PDF, and for nothing where none is needed, or none would help: other files are not read with one. */
export function PasswordField({ document }: { document: LearnerDocument }) {
  const { t } = useTranslation()
  const client = useClient()
  const tellFailure = useTellFailure()
  const [password, setPassword] = useState('')
  const open = useMutation({
    mutationFn: () => client.documents.retry({ ids: [document.id], password }),
    onSettled: () => setPassword(''),
    onError: tellFailure,
  })
  if (document.format !== 'pdf' || !document.error || !WANT_PASSWORD.has(document.error.code)) return null
  return (
    <form
      className="mt-2 flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (password !== '' && !open.isPending) open.mutate()
      }}
    >
      <TextField
        type="password"
        label={t('documents.password')}
        hideLabel
        placeholder={t('documents.password')}
        autoComplete="off"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        className="min-w-0 flex-1"
      />
      <Button type="submit" disabled={password === '' || open.isPending}>
        {t('documents.unlock')}
      </Button>
    </form>
  )
}
