import { useEffect, useState } from 'react'
import * as api from '../../../shared/api'
import { now } from '../../../shared/api'
import * as drafts from '../../../shared/draft'
import { newID } from '../../../shared/ident'
import { dateIn, onDay } from '../../../shared/time'
import type { Order } from '../../../shared/types'
import { useApp, useSay, useVerb } from '../app'
import { AddFiles, useFiles } from './attachments'
import { at, Field, onSubmit, Problem, Send } from '../parts'
import { useWords } from './desktexts'
import { valuesOf } from './saved'
import { SlashText } from './slash'

/** The lawyer's reply to a follow-up question. */
export function Reply({ o }: { o: Order }) {
  const t = useSay()
  const w = useWords()
  const { me, lang } = useApp()
  const id = o.id
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
    <form
      className="card"
      onSubmit={onSubmit(submit)}
      onKeyDown={(e) => {
        if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) submit()
      }}
      noValidate
    >
      <Field id="reply" label={t('reply')} hint={w('slash_hint')} error={empty && !d.text.trim() ? t('required') : refused}>
        {(aria) => <SlashText {...aria} field="text" rows={4} value={d.text} values={valuesOf(o, me.name ?? '', onDay(dateIn(now()), lang))} onChange={(text) => setD((old) => ({ ...old, text }))} />}
      </Field>
      <AddFiles files={files} error={at(send.error, 'attachments')} />
      {!refused && !at(send.error, 'attachments') && <Problem error={send.error} />}
      <Send pending={send.isPending}>{t('reply_send')}</Send>
    </form>
  )
}
