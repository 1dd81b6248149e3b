import { useLayoutEffect, useState } from 'preact/hooks'
import * as api from '../../shared/api'
import * as drafts from '../../shared/draft'
import { newID } from '../../shared/ident'
import type { Pending } from '../../shared/upload'
import { useSay } from './app'
import { AddFiles, settled, type FilesProps } from './files'
import { Field, Problem, useSend } from './parts'

const blank = () => ({ id: newID(), text: '', files: [] as Pending[] })

export function AskBack({ id, done }: { id: string; done: () => void }) {
  const t = useSay()
  const key = 'back.' + id
  const [d, setD] = useState(() => drafts.load(key, blank()))
  const [wrong, setWrong] = useState('')
  const [sent, setSent] = useState(false)
  const { busy, error, send } = useSend()
  // Before the page is painted: what one sees is kept, however soon one reloads.
  useLayoutEffect(() => {
    if (d.text || d.files.length) drafts.save(key, d)
    else drafts.drop(key)
  }, [d])
  const putFiles: FilesProps['put'] = (change) => setD((old) => ({ ...old, files: change(old.files) }))
  const refused = error instanceof api.Refusal ? error.at('text') : undefined
  const submit = (e: Event) => {
    e.preventDefault()
    setWrong(d.text.trim() ? '' : t('ask_back_needed'))
    if (!d.text.trim()) return
    void send(async () => {
      await api.say(id, d.id, d.text, await settled(id, d.files, putFiles))
      drafts.drop(key)
      setD(blank())
      setSent(true)
      done()
    })
  }
  return (
    <form class="card" onSubmit={submit} noValidate>
      <h2>{t('ask_back')}</h2>
      <Field id="back" label={t('ask_back_hint')} error={wrong || refused}>
        {(aria) => (
          <textarea
            {...aria}
            rows={4}
            value={d.text}
            onInput={(e) => {
              setD({ ...d, text: e.currentTarget.value })
              setSent(false)
              setWrong('')
            }}
          />
        )}
      </Field>
      <AddFiles order={id} list={d.files} put={putFiles} ready error={error instanceof api.Refusal ? error.at('attachments') : undefined} />
      {!refused && <Problem error={error} />}
      {sent && (
        <p class="note good" role="status">
          {t('ask_back_done')}
        </p>
      )}
      <button disabled={busy}>{busy ? t('sending') : t('ask_back_send')}</button>
    </form>
  )
}
