// One call-back: why, whom to call, attempts, result, the lawyer's call, the end.
// It cannot be closed before what the standard asks for is there; the server
// says what is missing. (B7.1.3.2, a, b)

import { useState } from 'react'
import * as api from '../../../shared/api'
import { newID } from '../../../shared/ident'
import type { Callback } from '../../../shared/types'
import { is, useApp, useLoad, useName, useSay, useVerb, useWhen } from '../app'
import { Button, Input, Radio } from '../controls'
import { AnswerView } from './order'
import { at, Clock, Facts, Field, Heading, onSubmit, Problem, Send, Text, Wait } from '../parts'
import { ResultForm, ResultView } from './result'

export function CallbackPage({ id }: { id: string }) {
  const t = useSay()
  const one = useLoad(['callback', id], () => api.getCallback(id), 10_000)
  return (
    <div className="single">
      <p className="backlink">
        <a href="#/callbacks">← {t('back_to_list')}</a>
      </p>
      <Wait of={one}>{(c) => <View c={c} />}</Wait>
    </div>
  )
}

const ended = (c: Callback) => c.state === 'closed'

function View({ c }: { c: Callback }) {
  const t = useSay()
  const name = useName()
  const time = useWhen()
  const { me } = useApp()
  const staff = is(me, 'operations', 'quality')
  return (
    <article>
      <Heading>{c.order.title || c.order.number}</Heading>
      <p className="line">
        <span className="state bad">{name('l', c.level)}</span>
        {ended(c) ? <span className="state answered">{t('cb_closed')}</span> : <Clock due={c.due_at} />}
        {!ended(c) && c.lawyer_due_at && !c.lawyer_called_at && (
          <span>
            {t('cb_lawyer_due')} <Clock due={c.lawyer_due_at} />
          </span>
        )}
      </p>
      <section className="card" aria-labelledby="contact">
        <h2 id="contact">{t('cb_contact')}</h2>
        <Facts
          rows={[
            [t('asker'), c.contact?.name],
            [t('phone'), c.contact?.phone && <a href={'tel:' + c.contact.phone}>{c.contact.phone}</a>],
            [t('cb_comment'), c.comment],
            [t('number'), <a className="whole" href={'#/orders/' + c.order.id}>{c.order.number}</a>],
            [t('cb_due'), time(c.due_at)],
          ]}
        />
        <details>
          <summary>{t('question')}</summary>
          <Text>{c.question ?? ''}</Text>
        </details>
        {c.answer && (
          <details>
            <summary>{t('the_answer')}</summary>
            <AnswerView a={c.answer} />
          </details>
        )}
      </section>
      <section className="card" aria-labelledby="tries">
        <h2 id="tries">{t('cb_tries')}</h2>
        {c.attempts.length === 0 && <p className="hint">{t('cb_tries_none')}</p>}
        <ol className="facts">
          {c.attempts.map((a) => (
            <li key={a.id}>
              <span className="hint">{time(a.at)}</span> <span className={a.reached ? 'state answered' : 'state waiting'}>{t(a.reached ? 'cb_reached' : 'cb_not_reached')}</span> {a.note}
            </li>
          ))}
        </ol>
        {staff && (c.state === 'open' || c.state === 'called') && <AttemptForm id={c.id} />}
      </section>
      <section className="card" aria-labelledby="result">
        <h2 id="result">{t('cb_result')}</h2>
        {c.result?.reason_category ? <ResultView r={c.result} /> : staff && c.state === 'called' ? <ResultForm id={c.id} reached={c.attempts.some((a) => a.reached)} /> : staff && c.state === 'open' ? <p className="hint">{t('cb_result_hint')}</p> : <p className="hint">{t('none')}</p>}
      </section>
      <LawyerCall c={c} mayCall={is(me, 'lawyer')} />
      {staff && !ended(c) && <Close c={c} />}
    </article>
  )
}

function AttemptForm({ id }: { id: string }) {
  const t = useSay()
  const blank = () => ({ id: newID(), reached: undefined as boolean | undefined, note: '' })
  const [d, setD] = useState(blank)
  const [tried, setTried] = useState(false)
  const send = useVerb(
    () => api.attempt(id, { id: d.id, reached: d.reached === true, note: d.note.trim() }),
    () => {
      setD(blank())
      setTried(false)
    },
  )
  const submit = () => {
    setTried(true)
    if (d.reached !== undefined) send.mutate(undefined)
  }
  return (
    <form onSubmit={onSubmit(submit)} noValidate>
      <h3>{t('cb_try')}</h3>
      <fieldset className="plain">
        <legend>{t('cb_was_reached')}</legend>
        {[true, false].map((r) => (
          <Radio className="check" key={String(r)} name="reached" checked={d.reached === r} onChange={() => setD({ ...d, reached: r })}>
            {t(r ? 'cb_reached' : 'cb_not_reached')}
          </Radio>
        ))}
        {tried && d.reached === undefined && (
          <p className="error" role="alert">
            {t('required')}
          </p>
        )}
      </fieldset>
      <Field id="try-note" label={t('cb_note')} error={at(send.error, 'note')}>
        {(aria) => <Input {...aria} value={d.note} onChange={(e) => setD({ ...d, note: e.target.value })} />}
      </Field>
      <Problem error={send.error} />
      <Send pending={send.isPending}>{t('cb_save_try')}</Send>
    </form>
  )
}

function LawyerCall({ c, mayCall }: { c: Callback; mayCall: boolean }) {
  const t = useSay()
  const time = useWhen()
  const [d, setD] = useState(() => ({ id: newID(), summary: '' }))
  const [empty, setEmpty] = useState(false)
  const send = useVerb(() => api.lawyerCall(c.id, d.id, d.summary.trim()))
  if (!c.lawyer_call && !c.lawyer_due_at && !c.result?.legal_question) return null
  const submit = () => {
    setEmpty(!d.summary.trim())
    if (d.summary.trim()) send.mutate(undefined)
  }
  return (
    <section className="card" aria-labelledby="lc">
      <h2 id="lc">{t('cb_lawyer_call')}</h2>
      {c.lawyer_call ? (
        <>
          <p className="hint">{time(c.lawyer_call.at)}</p>
          <Text>{c.lawyer_call.summary}</Text>
        </>
      ) : mayCall ? (
        <form onSubmit={onSubmit(submit)} noValidate>
          <Field id="summary" label={t('cb_summary')} error={empty ? t('required') : at(send.error, 'summary')}>
            {(aria) => <Input.TextArea {...aria} rows={4} value={d.summary} onChange={(e) => setD({ ...d, summary: e.target.value })} />}
          </Field>
          <Problem error={send.error} />
          <Send pending={send.isPending}>{t('cb_save_call')}</Send>
        </form>
      ) : (
        <p>
          {t('cb_lawyer_wait')} {c.lawyer_due_at && <Clock due={c.lawyer_due_at} />}
        </p>
      )}
    </section>
  )
}

function Close({ c }: { c: Callback }) {
  const t = useSay()
  const send = useVerb(() => api.closeCallback(c.id))
  return (
    <section className="card">
      <p className="hint">{t('cb_close_hint')}</p>
      {!!c.missing?.length && (
        <>
          <p>{t('cb_missing')}</p>
          <ul>
            {c.missing.map((m) => (
              <li key={m}>{m}</li>
            ))}
          </ul>
        </>
      )}
      <Problem error={send.error} />
      <Button type="primary" className="close-callback" loading={send.isPending} onClick={() => send.mutate(undefined)}>
        {t('cb_close')}
      </Button>
    </section>
  )
}
