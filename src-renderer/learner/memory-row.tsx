import { Check, Ellipsis, Pencil, Quote, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Memory } from '../../src-core/contract/index.ts'
import { useFormats } from '../i18n/format.ts'
import { useSource } from '../shell/source.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import type { useLearnerChanges } from './queries.ts'
import { StatementForm } from './statement-form.tsx'

type Changes = ReturnType<typeof useLearnerChanges>

/** A statement that waits for the learner's word, with the place where they said it. */
export function ProposedRow({ memory, changes }: { memory: Memory; changes: Changes }) {
  const { t } = useTranslation()
  const [isEditing, setEditing] = useState(false)
  if (isEditing) return <EditedRow memory={memory} changes={changes} onEnd={() => setEditing(false)} accepts />
  return (
    <li data-memory={memory.id} className="rounded-xl border border-line bg-surface px-4 py-3.5">
      <p className="text-words-small" dir="auto">
        {memory.text}
      </p>
      <p className="mt-1 flex flex-wrap items-center gap-x-2 text-ink-quiet text-meta">
        <span>{t(`about.kind.${memory.kind}`)}</span>
        <Receipt memory={memory} />
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button
          size="small"
          look="primary"
          data-first-choice
          aria-label={t('about.acceptOne', { text: memory.text })}
          onClick={(event) => {
            focusNext(event.currentTarget)
            changes.accept([memory.id])
          }}
        >
          <Check />
          {t('about.accept')}
        </Button>
        <Button size="small" aria-label={t('about.editOne', { text: memory.text })} onClick={() => setEditing(true)}>
          <Pencil />
          {t('common.edit')}
        </Button>
        <Button
          size="small"
          look="quiet"
          aria-label={t('about.notThisOne', { text: memory.text })}
          onClick={(event) => {
            focusNext(event.currentTarget)
            changes.forget([memory.id])
          }}
        >
          <X />
          {t('about.notThis')}
        </Button>
      </div>
    </li>
  )
}

/** A statement that counts, or did until a day. */
export function AcceptedRow({
  memory,
  changes,
  onForget,
}: {
  memory: Memory
  changes: Changes
  onForget(memory: Memory): void
}) {
  const { t } = useTranslation()
  const { day } = useFormats()
  const [isEditing, setEditing] = useState(false)
  if (isEditing) return <EditedRow memory={memory} changes={changes} onEnd={() => setEditing(false)} />
  const { validTo } = memory
  const isOver = validTo !== null && Date.parse(validTo) <= Date.now()
  return (
    <li data-memory={memory.id} className="flex items-start gap-2 py-2.5">
      <div className="min-w-0 flex-1">
        <p className={isOver ? 'text-body text-ink-quiet' : 'text-body'} dir="auto">
          {memory.text}
        </p>
        <p className="figures flex flex-wrap items-center gap-x-2 text-ink-quiet text-meta">
          <span>
            {validTo === null
              ? t('about.since', { day: day(memory.validFrom) })
              : t('about.until', { from: day(memory.validFrom), to: day(validTo) })}
          </span>
          <Receipt memory={memory} />
        </p>
      </div>
      <Menu
        trigger={
          <IconButton size="small" label={t('about.more', { text: memory.text })}>
            <Ellipsis />
          </IconButton>
        }
      >
        <MenuItem icon={<Pencil />} onSelect={() => setEditing(true)}>
          {t('common.edit')}
        </MenuItem>
        <MenuItem
          icon={isOver ? <Check /> : <X />}
          onSelect={() => changes.edit(memory.id, { validTo: isOver ? null : new Date().toISOString() })}
        >
          {t(isOver ? 'about.stillSo' : 'about.noLongerSo')}
        </MenuItem>
        <MenuItem danger icon={<Trash2 />} onSelect={() => onForget(memory)}>
          {t('about.forget')}
        </MenuItem>
      </Menu>
    </li>
  )
}

function EditedRow({
  memory,
  changes,
  onEnd,
  accepts = false,
}: {
  memory: Memory
  changes: Changes
  onEnd(): void
  accepts?: boolean
}) {
  const { t } = useTranslation()
  return (
    <li className="rounded-xl border border-accent bg-surface px-4 py-3.5">
      <StatementForm
        text={memory.text}
        kind={memory.kind}
        saveLabel={t('common.save')}
        onCancel={onEnd}
        onSave={(text, kind) => {
          if (text !== memory.text || kind !== memory.kind) changes.edit(memory.id, { text, kind })
          // Whoever corrects it means it.
          if (accepts) changes.accept([memory.id])
          onEnd()
        }}
      />
    </li>
  )
}

/** The words that show it, a press away. */
function Receipt({ memory: { receipt } }: { memory: Memory }) {
  const { t } = useTranslation()
  const { open } = useSource()
  if (!receipt) return <span>· {t('about.written')}</span>
  if (!receipt.holds) return <span>· {t('about.wordsGone')}</span>
  const { captureId, start, end } = receipt
  return (
    <button
      type="button"
      onClick={() => open({ captureId, kind: 'capture', field: 'userText', start, end })}
      className="inline-flex items-center gap-1 rounded underline decoration-line-strong underline-offset-3 hover:text-ink pointer-coarse:min-h-11 [&_svg]:size-3.5"
    >
      <Quote aria-hidden />
      {t('about.receipt')}
      <span className="sr-only">{t('about.receiptOf', { quote: receipt.quote })}</span>
    </button>
  )
}

/** The row is about to go: the keyboard goes on with the next one, or with the heading. */
function focusNext(button: HTMLElement): void {
  const row = button.closest('[data-memory]')
  const next = row?.nextElementSibling ?? row?.previousElementSibling
  const target =
    next?.querySelector('[data-first-choice]') ?? document.querySelector<HTMLElement>('[data-waiting-heading]')
  if (target instanceof HTMLElement) target.focus()
}
