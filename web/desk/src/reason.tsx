// A dialogue that asks for the reason before what can't be taken back.

import { useId, useState } from 'react'
import { Dialog } from './above'
import { useSay } from './app'
import { Button, Input } from './controls'
import { at, Field, onSubmit, Problem, Send } from './parts'

interface ReasonProps {
  title: string
  /** what will happen, in plain words */
  lead: string
  confirm: string
  danger?: boolean
  /** the field's label; the server's name of the field is "reason" */
  label?: string
  pending: boolean
  error: unknown
  onConfirm: (reason: string) => void
  onClose: () => void
}

/** Asks for a reason before what can't be taken back. Shown while it is in the tree. */
export function ReasonDialog({ title, lead, confirm, danger = false, label, pending, error, onConfirm, onClose }: ReasonProps) {
  const t = useSay()
  const id = useId()
  const [reason, setReason] = useState('')
  const [empty, setEmpty] = useState(false)
  const submit = () => {
    setEmpty(!reason.trim())
    if (reason.trim()) onConfirm(reason.trim())
  }
  const refused = at(error, 'reason')
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={onSubmit(submit)} noValidate>
        <p>{lead}</p>
        <Field id={id} label={label ?? t('reason')} error={empty && !reason.trim() ? t('required') : refused}>
          {(aria) => <Input.TextArea {...aria} rows={3} value={reason} onChange={(e) => setReason(e.target.value)} />}
        </Field>
        {!refused && <Problem error={error} />}
        <div className="buttons">
          <Send pending={pending} danger={danger}>
            {confirm}
          </Send>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  )
}
