// Private notes of staff on an order, in the pane beside it.

import { useEffect, useState } from 'react'
import * as api from '../../../shared/api'
import * as drafts from '../../../shared/draft'
import { newID } from '../../../shared/ident'
import type { Order } from '../../../shared/types'
import { useName, useSay, useVerb, useWhen } from '../app'
import { Input } from '../controls'
import { at, Field, onSubmit, Problem, Send, Text } from '../parts'
import { useWords } from './desktexts'

export function Notes({ o }: { o: Order }) {
  const w = useWords()
  const t = useSay()
  const name = useName()
  const time = useWhen()
  const list = o.notes ?? []
  if (!o.can.includes('note') && !list.length) return null
  return (
    <section className="card notes" aria-labelledby="notes">
      <h2 id="notes">{w('notes')}</h2>
      <p className="hint">{w('notes_hint')}</p>
      {!list.length && <p className="hint">{w('notes_none')}</p>}
      <ol className="facts">
        {list.map((n) => (
          <li key={n.id}>
            <span className="hint">
              <b>{n.author ?? w('somebody')}</b> · {name('r', n.role)} · {time(n.at)}
            </span>
            <Text>{n.erased ? t('erased') : n.text}</Text>
          </li>
        ))}
      </ol>
      {o.can.includes('note') && <NoteForm id={o.id} />}
    </section>
  )
}

function NoteForm({ id }: { id: string }) {
  const w = useWords()
  const t = useSay()
  const key = 'note.' + id
  const [d, setD] = useState(() => drafts.load(key, { id: newID(), text: '' }))
  const [empty, setEmpty] = useState(false)
  useEffect(() => {
    if (d.text) drafts.save(key, d)
  }, [d])
  const send = useVerb(
    () => api.addNote(id, d.id, d.text.trim()),
    () => {
      drafts.drop(key)
      setD({ id: newID(), text: '' })
    },
  )
  const submit = () => {
    setEmpty(!d.text.trim())
    if (d.text.trim()) send.mutate(undefined)
  }
  const refused = at(send.error, 'text')
  return (
    <form onSubmit={onSubmit(submit)} noValidate>
      <Field id="note" label={w('note_new')} error={empty && !d.text.trim() ? t('required') : refused}>
        {(aria) => (
          <Input.TextArea
            {...aria}
            rows={3}
            value={d.text}
            onChange={(e) => setD({ ...d, text: e.target.value })}
            onKeyDown={(e) => {
              if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) submit()
            }}
          />
        )}
      </Field>
      {!refused && <Problem error={send.error} />}
      <Send pending={send.isPending} type="default">
        {w('note_save')}
      </Send>
    </form>
  )
}
