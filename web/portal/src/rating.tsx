// Rating on five levels; the last three bring a call-back (T7, B7.1.3.2).

import { useState } from 'preact/hooks'
import * as api from '../../shared/api'
import { newID } from '../../shared/ident'
import { levels, type Level, type Order } from '../../shared/types'
import { useSay } from './app'
import { Field, Problem, useSend } from './parts'

export function Rating({ o, done }: { o: Order; done: () => void }) {
  const t = useSay()
  const [level, setLevel] = useState<Level>()
  const [comment, setComment] = useState('')
  const [id] = useState(newID)
  const [wrong, setWrong] = useState(false)
  const { busy, error, send } = useSend()
  if (o.rating) {
    return (
      <section class="card" aria-labelledby="rated">
        <h2 id="rated">{t('rated', { level: t(`l_${o.rating.level}`) })}</h2>
        {o.rating.comment && <p class="quote">{o.rating.comment}</p>}
        <p>{t('thanks')}</p>
      </section>
    )
  }
  if (!o.can.includes('rate')) return null
  const submit = (e: Event) => {
    e.preventDefault()
    setWrong(!level)
    if (!level) return
    void send(async () => {
      await api.rate(o.id, id, level, comment.trim())
      done()
    })
  }
  const low = level && levels.indexOf(level) >= 2
  return (
    <form class="card rate" onSubmit={submit} noValidate>
      <fieldset aria-describedby={wrong ? 'rate-error' : undefined}>
        <legend>
          <h2>{t('rate_title')}</h2>
        </legend>
        {levels.map((l) => (
          <label key={l} class="level">
            <input type="radio" name="level" value={l} checked={l === level} onChange={() => setLevel(l)} /> {t(`l_${l}`)}
          </label>
        ))}
        {wrong && (
          <p class="error" id="rate-error" role="alert">
            {t('rate_needed')}
          </p>
        )}
      </fieldset>
      {low && (
        <p class="note" role="status">
          {t('rate_low')}
        </p>
      )}
      <Field id="comment" label={t('rate_comment')} error={error instanceof api.Refusal ? error.at('comment') : undefined}>
        {(aria) => <textarea {...aria} rows={3} value={comment} onInput={(e) => setComment(e.currentTarget.value)} />}
      </Field>
      <Problem error={error} />
      <button class="primary" disabled={busy}>
        {busy ? t('sending') : t('rate_send')}
      </button>
    </form>
  )
}
