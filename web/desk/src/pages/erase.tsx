// Erasure of a person by order: the keys are destroyed.

import { useState } from 'react'
import * as api from '../../../shared/api'
import { useName, useSay, useVerb } from '../app'
import { Checkbox, Input } from '../controls'
import { at, Choice, Field, Heading, onSubmit, Problem, Send } from '../parts'

const reasons = ['request', 'court_order', 'retention', 'mistake', 'other'] as const

export default function ErasePage() {
  const t = useSay()
  const name = useName()
  const [person, setPerson] = useState('')
  const [reason, setReason] = useState('')
  const [sure, setSure] = useState(false)
  const [tried, setTried] = useState(false)
  const send = useVerb(
    () => api.erase(person.trim(), reason),
    () => {
      setPerson('')
      setReason('')
      setSure(false)
      setTried(false)
    },
  )
  const submit = () => {
    setTried(true)
    if (person.trim() && reason && sure) send.mutate(undefined)
  }
  return (
    <form className="card narrow" onSubmit={onSubmit(submit)} noValidate>
      <Heading>{t('erase_title')}</Heading>
      <p className="note warn">{t('erase_lead')}</p>
      <Field id="person" label={t('erase_person')} error={tried && !person.trim() ? t('required') : at(send.error, 'id')}>
        {(aria) => <Input {...aria} value={person} onChange={(e) => setPerson(e.target.value)} />}
      </Field>
      <Field id="erase-reason" label={t('erase_reason')} error={tried && !reason ? t('required') : at(send.error, 'reason')}>
        {(aria) => <Choice {...aria} value={reason} onChange={setReason} options={reasons.map((r) => ({ value: r, label: name('e', r) }))} />}
      </Field>
      <Checkbox className="check" checked={sure} aria-invalid={tried && !sure ? true : undefined} onChange={(e) => setSure(e.target.checked)}>
        {t('erase_sure')}
      </Checkbox>
      {tried && !sure && (
        <p className="error" role="alert">
          {t('required')}
        </p>
      )}
      <Problem error={send.error} />
      {send.isSuccess && (
        <p className="note good" role="status">
          {t('erase_done')}
        </p>
      )}
      <Send pending={send.isPending} danger>{t('erase_do')}</Send>
    </form>
  )
}
