import { CloudOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupStatus } from '../../../src-core/contract/index.ts'
import { useConfigureBackups } from '../../backend/backup-queries.ts'
import { toFailure } from '../../backend/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Switch } from '../../ui/choice.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { SavedField } from '../saved-field.tsx'
import { Part } from '../section.tsx'
import { S3Form } from './s3-form.tsx'

/** When and where: every day or not, the folder, the storage. */
export function PlacesPart({ status: { automatic, folder, s3 } }: { status: BackupStatus }) {
  const { t } = useTranslation()
  const [isEditing, setEditing] = useState(false)
  const change = useConfigureBackups()
  return (
    <Part title={t('settings.backups.places.title')}>
      <Switch
        label={t('settings.backups.places.automatic')}
        help={t('settings.backups.places.automaticHelp')}
        checked={automatic}
        onChecked={(checked) => change.mutate({ automatic: checked })}
      />
      <SavedField
        label={t('settings.backups.places.folder')}
        help={t('settings.backups.places.folderHelp')}
        spellCheck={false}
        maxLength={4_000}
        value={folder}
        onSave={(path) => change.mutate({ folder: path })}
      />
      {change.error && <FailureNote failure={toFailure(change.error)} />}
      <div>
        <h4 className="font-medium text-ui">{t('settings.backups.places.storage')}</h4>
        {isEditing ? (
          <S3Form s3={s3} onDone={() => setEditing(false)} />
        ) : (
          <>
            <p className="mt-0.5 mb-3 text-ink-quiet text-meta [overflow-wrap:anywhere]">
              {s3
                ? t('settings.backups.places.storageIs', { bucket: s3.bucket, endpoint: s3.endpoint })
                : t('settings.backups.places.storageNone')}
            </p>
            <div className="flex flex-wrap gap-2">
              <Button onClick={() => setEditing(true)}>
                {t(s3 ? 'settings.backups.places.changeStorage' : 'settings.backups.places.addStorage')}
              </Button>
              {s3 && (
                <Button look="quiet" disabled={change.isPending} onClick={() => change.mutate({ s3: null })}>
                  <CloudOff />
                  {t('settings.backups.places.removeStorage')}
                </Button>
              )}
            </div>
          </>
        )}
      </div>
    </Part>
  )
}
