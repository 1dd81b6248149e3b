import { useEffect, useState } from 'react'
import * as api from '../../../shared/api'
import * as drafts from '../../../shared/draft'
import type { CallbackResult } from '../../../shared/types'
import { useName, useSay, useVerb } from '../app'
import { Checkbox, Input } from '../controls'
import { at, Choice, Facts, Field, onSubmit, Problem, Send } from '../parts'

const categories = ['content', 'unclear', 'attitude', 'slow', 'process', 'outside', 'mistaken', 'other'] as const
const notReached = ['not_reached'] as const
const blank = (): CallbackResult => ({ reason_category: '', reason: '', details: '', legal_question: false, service_violation: false, feedback: '' })
const texts = [
  ['reason', 'cb_reason'],
  ['details', 'cb_details'],
  ['feedback', 'cb_feedback'],
] as const

/** Who was not reached in three attempts gives no reason: what was tried is enough. */
export function ResultForm({ id, reached }: { id: string; reached: boolean }) {
  const t = useSay()
  const name = useName()
  const key = 'result.' + id
  const [typed, setD] = useState(() => drafts.load(key, blank()))
  const d: CallbackResult = reached ? typed : { ...typed, reason_category: 'not_reached' }
  const [tried, setTried] = useState(false)
  useEffect(() => drafts.save(key, d), [d])
  const send = useVerb(
    () => api.result(id, d),
    () => drafts.drop(key),
  )
  const missing = (f: 'reason_category' | 'reason' | 'details' | 'feedback') => (tried && needed(f) && !d[f].trim() ? t('required') : at(send.error, f))
  const needed = (f: string) => reached || f === 'details'
  const submit = () => {
    setTried(true)
    if ((['reason_category', 'reason', 'details', 'feedback'] as const).every((f) => !needed(f) || d[f].trim())) send.mutate(undefined)
  }
  return (
    <form onSubmit={onSubmit(submit)} noValidate>
      <Field id="category" label={t('cb_category')} error={missing('reason_category')}>
        {(aria) => <Choice {...aria} value={d.reason_category} onChange={(c) => setD({ ...d, reason_category: c })} options={(reached ? categories : notReached).map((c) => ({ value: c, label: name('g', c) }))} />}
      </Field>
      {texts.map(([f, label]) => (
        <Field key={f} id={f} label={t(label)} error={missing(f)}>
          {(aria) => <Input.TextArea {...aria} rows={2} value={d[f]} onChange={(e) => setD({ ...d, [f]: e.target.value })} />}
        </Field>
      ))}
      <Checkbox className="check" checked={d.legal_question} onChange={(e) => setD({ ...d, legal_question: e.target.checked })}>
        {t('cb_legal')}
      </Checkbox>
      <Checkbox className="check" checked={d.service_violation} onChange={(e) => setD({ ...d, service_violation: e.target.checked })}>
        {t('cb_violation')}
      </Checkbox>
      <Problem error={send.error} />
      <Send pending={send.isPending}>{t('cb_save_result')}</Send>
    </form>
  )
}

export function ResultView({ r }: { r: Partial<CallbackResult> }) {
  const t = useSay()
  const name = useName()
  return (
    <Facts
      rows={[
        [t('cb_category'), name('g', r.reason_category ?? '')],
        [t('cb_reason'), r.reason],
        [t('cb_details'), r.details],
        [t('cb_feedback'), r.feedback],
        [t('cb_legal'), t(r.legal_question ? 'yes' : 'no')],
        [t('cb_violation'), t(r.service_violation ? 'yes' : 'no')],
      ]}
    />
  )
}
