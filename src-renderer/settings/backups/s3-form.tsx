import { type ComponentProps, type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupStatus } from '../../../src-core/contract/index.ts'
import { useConfigureBackups } from '../../backend/backup-queries.ts'
import { toFailure } from '../../backend/failure.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { TextField } from '../../ui/field.tsx'

const FIELDS = ['endpoint', 'region', 'bucket', 'prefix', 'accessKeyId', 'secretAccessKey'] as const
type Field = (typeof FIELDS)[number]

const SHOWN: Partial<Record<Field, ComponentProps<'input'>>> = {
  endpoint: { type: 'url', inputMode: 'url', placeholder: 'https://s3.example.com', maxLength: 500 },
  secretAccessKey: { type: 'password', maxLength: 500 },
}
const OPTIONAL = new Set<Field>(['prefix'])

/** S3-compatible storage. What is given is tried with a list of the bucket before it is kept. */
export function S3Form({ s3, onDone }: { s3: BackupStatus['s3']; onDone(): void }) {
  const { t } = useTranslation()
  const [values, setValues] = useState<Record<Field, string>>({
    endpoint: s3?.endpoint ?? '',
    region: s3?.region ?? 'us-east-1',
    bucket: s3?.bucket ?? '',
    prefix: s3?.prefix ?? '',
    accessKeyId: s3?.accessKeyId ?? '',
    secretAccessKey: '',
  })
  const keep = useConfigureBackups(onDone)
  const hasSecret = s3?.hasSecret === true
  const isComplete = FIELDS.every(
    (field) => values[field].trim() !== '' || OPTIONAL.has(field) || (field === 'secretAccessKey' && hasSecret),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isComplete || keep.isPending) return
    const { secretAccessKey, ...address } = values
    const trimmed = Object.fromEntries(Object.entries(address).map(([name, value]) => [name, value.trim()]))
    keep.mutate({
      s3: {
        ...address,
        ...trimmed,
        ...(secretAccessKey.trim() !== '' && { secretAccessKey: secretAccessKey.trim() }),
      },
    })
  }
  return (
    <form onSubmit={submit} className="mt-3 space-y-4">
      <div className="grid gap-4 sm:grid-cols-2">
        {FIELDS.map((field) => (
          <TextField
            key={field}
            className={field === 'endpoint' ? 'sm:col-span-2' : undefined}
            label={t(`settings.backups.s3.${field}`)}
            help={t(`settings.backups.s3.${field}Help`)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={200}
            {...SHOWN[field]}
            {...(field === 'secretAccessKey' && hasSecret && { placeholder: t('settings.backups.s3.secretKept') })}
            value={values[field]}
            onChange={({ target }) => setValues({ ...values, [field]: target.value })}
          />
        ))}
      </div>
      {keep.error && <FailureNote failure={toFailure(keep.error)} />}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={!isComplete || keep.isPending}>
          {t('settings.backups.s3.save')}
        </Button>
        <Button look="quiet" onClick={onDone}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  )
}
