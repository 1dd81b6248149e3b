import { Input } from 'antd'
import { useEffect, useState } from 'react'
import * as api from '../../../shared/api'
import * as drafts from '../../../shared/draft'
import { newID } from '../../../shared/ident'
import { useSay, useVerb } from '../app'
import { AddFiles, useFiles } from './attachments'
import { at, Field, onSubmit, Problem, Send } from '../parts'

/** The lawyer's reply to a follow-up question. */
export function Reply({ id }: { id: string }) {
  const t = useSay()
  const key = 'reply.' + id
  const [d, setD] = useState(() => drafts.load(key, { id: newID(), text: '' }))
  const [empty, setEmpty] = useState(false)
  useEffect(() => {
    if (d.text) drafts.save(key, d)
  }, [d])
  const files = useFiles(id, key)
  const send = useVerb(
    async () => api.say(id, d.id, d.text, await files.settled()),
    () => {
      drafts.drop(key)
      files.drop()
      setD({ id: newID(), text: '' })
    },
  )
  const submit = () => {
    setEmpty(!d.text.trim())
    if (d.text.trim()) send.mutate(undefined)
  }
  const refused = at(send.error, 'text')
  return (
    <form className="card" onSubmit={onSubmit(submit)} noValidate>
      <Field id="reply" label={t('reply')} error={empty ? t('required') : refused}>
        {(aria) => <Input.TextArea {...aria} rows={4} value={d.text} onChange={(e) => setD({ ...d, text: e.target.value })} />}
      </Field>
      <AddFiles files={files} error={at(send.error, 'attachments')} />
      {!refused && !at(send.error, 'attachments') && <Problem error={send.error} />}
      <Send pending={send.isPending}>{t('reply_send')}</Send>
    </form>
  )
}
