// Passing an order on: the summary spares the next lawyer the reading.

import { useEffect, useState } from 'react'
import * as api from '../../../shared/api'
import * as drafts from '../../../shared/draft'
import type { Order } from '../../../shared/types'
import { Dialog } from '../above'
import { useSay, useVerb } from '../app'
import { Button, Input } from '../controls'
import { at, Field, onSubmit, Problem, Send } from '../parts'
import { useWords } from './desktexts'

const most = 1000

export default function PassDialog({ o, onClose }: { o: Order; onClose: () => void }) {
  const t = useSay()
  const w = useWords()
  const key = 'pass.' + o.id
  const [d, setD] = useState(() => drafts.load(key, { summary: '', reason: '' }))
  const [empty, setEmpty] = useState(false)
  useEffect(() => drafts.save(key, d), [d])
  const send = useVerb(
    () => api.pass(o.id, d.summary.trim(), d.reason.trim()),
    () => {
      drafts.drop(key)
      onClose()
      location.hash = '/queue'
    },
    o.id,
  )
  const submit = () => {
    setEmpty(!d.summary.trim())
    if (d.summary.trim()) send.mutate(undefined)
  }
  const refused = at(send.error, 'summary')
  const why = at(send.error, 'reason')
  return (
    <Dialog title={w('pass_title')} onClose={onClose}>
      <form onSubmit={onSubmit(submit)} noValidate>
        <p>{w('pass_lead')}</p>
        <Field id="pass-summary" label={w('pass_summary')} error={empty && !d.summary.trim() ? t('required') : refused}>
          {(aria) => <Input.TextArea {...aria} rows={5} maxLength={most} showCount value={d.summary} onChange={(e) => setD({ ...d, summary: e.target.value })} />}
        </Field>
        <Field id="pass-reason" label={w('pass_why')} error={why}>
          {(aria) => <Input {...aria} value={d.reason} onChange={(e) => setD({ ...d, reason: e.target.value })} />}
        </Field>
        {!refused && !why && <Problem error={send.error} />}
        <div className="buttons">
          <Send pending={send.isPending}>{t('pass')}</Send>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  )
}
