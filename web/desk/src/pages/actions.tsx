// Assign and exclude (operations): only what the order says that the viewer can do
// now. (A lawyer passes on: pass.tsx.)

import { useState } from 'react'
import * as api from '../../../shared/api'
import type { Order } from '../../../shared/types'
import { useLoad, useName, useSay, useVerb } from '../app'
import { Input } from '../controls'
import { at, Choice, Field, onSubmit, Problem, Send, Wait } from '../parts'

export function Actions({ o }: { o: Order }) {
  return (
    <>
      {o.can.includes('assign') && <Assign o={o} />}
      {o.can.includes('exclude') && <Exclude id={o.id} />}
    </>
  )
}

function Assign({ o }: { o: Order }) {
  const t = useSay()
  const [open, setOpen] = useState(false)
  const [lawyer, setLawyer] = useState('')
  const list = useLoad(['lawyers'], () => api.lawyers(), 0, open)
  const send = useVerb(
    () => api.assign(o.id, lawyer),
    () => setLawyer(''),
  )
  return (
    <details className="card" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t('assign')}</summary>
      <Wait of={list}>
        {({ items }) => (
          <form onSubmit={onSubmit(() => lawyer && send.mutate(undefined))}>
            <Field id="assign-to" label={t('assign_to')} error={at(send.error, 'lawyer')}>
              {(aria) => (
                <Choice
                  {...aria}
                  value={lawyer}
                  onChange={setLawyer}
                  options={items
                    .filter((l) => l.id !== o.lawyer?.id)
                    .map((l) => ({ value: l.id, label: [l.name, l.firm, l.status === 'online' ? t('online') : l.status === 'busy' ? t('busy_status') : t('away'), t('load_n', { n: l.load })].join(' · ') }))}
                />
              )}
            </Field>
            <Problem error={send.error} />
            <Send pending={send.isPending} disabled={!lawyer}>{t('assign')}</Send>
          </form>
        )}
      </Wait>
    </details>
  )
}

const reasons = ['test', 'spam', 'duplicate'] as const

function Exclude({ id }: { id: string }) {
  const t = useSay()
  const name = useName()
  const [reason, setReason] = useState('')
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const send = useVerb(() => api.exclude(id, reason, note.trim()))
  const submit = () => {
    setTried(true)
    if (reason && note.trim()) send.mutate(undefined)
  }
  return (
    <details className="card">
      <summary>{t('exclude')}</summary>
      <p className="hint">{t('exclude_hint')}</p>
      <form onSubmit={onSubmit(submit)} noValidate>
        <Field id="x-reason" label={t('exclude_reason')} error={tried && !reason ? t('required') : at(send.error, 'reason')}>
          {(aria) => <Choice {...aria} value={reason} onChange={setReason} options={reasons.map((r) => ({ value: r, label: name('x', r) }))} />}
        </Field>
        <Field id="x-note" label={t('exclude_note')} error={tried && !note.trim() ? t('required') : at(send.error, 'note')}>
          {(aria) => <Input.TextArea {...aria} rows={2} value={note} onChange={(e) => setNote(e.target.value)} />}
        </Field>
        <Problem error={send.error} />
        <Send pending={send.isPending}>{t('exclude')}</Send>
      </form>
    </details>
  )
}
