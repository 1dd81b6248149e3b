// One complaint: what was said, the calls, the register, the sensitive mark and its
// receipt, the filing, the end. The server tells what the viewer may do now and what
// is still missing; a form stands only where it can be sent.
// req: B7.1.2.2a B7.1.2.2b B7.1.2.3b B7.1.2.3c B7.1.2.4

import { useState } from 'react'
import { newID } from '../../../shared/ident'
import { useLoad, useVerb, useWhen } from '../app'
import { Button, Input, Radio } from '../controls'
import { at, Choice, Clock, Facts, Field, Heading, onSubmit, Problem, Send, Text, Wait } from '../parts'
import { complaintFile } from '../../../shared/api'
import { Attachments } from './attachments'
import * as api from './complaintapi'
import { AddEvidence } from './evidence'
import { Marks } from './complaintparts'
import { useWords } from './complainttexts'

export function CasePage({ id }: { id: string }) {
  const t = useWords()
  const one = useLoad(['complaint', id], () => api.read(id), 10_000)
  return (
    <div className="single">
      <p className="backlink">
        <a href="#/complaints">{t('back')}</a>
      </p>
      <Wait of={one}>{(c) => <View c={c} />}</Wait>
    </div>
  )
}

type Can = (verb: api.ComplaintVerb) => boolean

function View({ c }: { c: api.Case }) {
  const t = useWords()
  const time = useWhen()
  const can: Can = (verb) => c.can.includes(verb)
  const s = c.staff
  return (
    <article data-state={c.state}>
      <Heading>{`${t(c.kind)} ${c.number}`}</Heading>
      <div className="line">
        <Marks c={c} />
        {c.state === 'collected' && <Clock due={c.call_by} />}
      </div>
      <p className="note">
        <b>{t('next')}</b> {c.next.text}
      </p>
      {c.help && <p className="note bad pre">{c.help}</p>}
      <section className="card" aria-labelledby="what">
        <h2 id="what">{t('what')}</h2>
        <div className="quote">
          <Text>{c.erased ? t('erased') : c.text}</Text>
        </div>
        <Attachments order="" list={c.attachments} at={(f) => '/api/v1' + complaintFile(c.id, f)} />
        {can('attach') && <AddEvidence complaint={c.id} />}
        <Facts
          rows={[
            [t('person'), s?.name],
            [t('phone'), s?.phone && (s.phone.includes('*') ? s.phone : <a href={'tel:' + s.phone}>{s.phone}</a>)],
            [t('channel'), t(c.channel as 'web')],
            [t('received'), time(c.received_at)],
            [t('call_by'), c.state === 'collected' ? time(c.call_by) : undefined],
            [t('called_at'), c.called_at && `${time(c.called_at)} · ${t(s?.in_time === false ? 'late' : 'in_time')}`],
            [t('closed_at'), c.closed_at && time(c.closed_at)],
            [t('taken_by'), s?.registered_by],
            [t('order'), c.order && <a className="whole" href={'#/orders/' + c.order.id}>{c.order.number}</a>],
          ]}
        />
      </section>
      {s && <Calls c={c} can={can} calls={s.calls} />}
      {s && <Register c={c} can={can} entry={s.register} />}
      {s && <SensitiveCard c={c} can={can} s={s.sensitive} />}
      {s && <Close c={c} can={can} missing={s.missing} />}
      <History c={c} />
    </article>
  )
}

function Calls({ c, can, calls }: { c: api.Case; can: Can; calls: api.Call[] }) {
  const t = useWords()
  const time = useWhen()
  return (
    <section className="card" aria-labelledby="calls">
      <h2 id="calls">{t('calls')}</h2>
      {calls.length === 0 && <p className="hint">{t('calls_none')}</p>}
      <ol className="facts">
        {calls.map((k) => (
          <li key={k.id}>
            <span className="hint">{time(k.at)}</span> <span className={k.reached ? 'state good' : 'state waiting'}>{t(k.reached ? 'reached' : 'not_reached')}</span> {!k.counts && <small className="hint">{t('not_counted')}</small>}
            {k.reason && <p className="quote">{k.reason}</p>}
          </li>
        ))}
      </ol>
      {can('call') && <CallForm c={c} />}
    </section>
  )
}

function CallForm({ c }: { c: api.Case }) {
  const t = useWords()
  const blank = () => ({ id: newID(), reached: undefined as boolean | undefined, reason: '' })
  const [d, setD] = useState(blank)
  const [tried, setTried] = useState(false)
  const send = useVerb(
    () => api.noteCall(c, { id: d.id, reached: d.reached === true, ...(d.reason.trim() && { reason: d.reason.trim() }) }),
    () => {
      setD(blank())
      setTried(false)
    },
  )
  const empty = d.reached === true && !d.reason.trim()
  const submit = () => {
    setTried(true)
    if (d.reached !== undefined && !empty) send.mutate(undefined)
  }
  return (
    <form onSubmit={onSubmit(submit)} noValidate>
      <h3>{t('call')}</h3>
      <fieldset className="plain">
        <legend>{t('was_reached')}</legend>
        {[true, false].map((r) => (
          <Radio className="check" key={String(r)} name="reached" checked={d.reached === r} onChange={() => setD({ ...d, reached: r })}>
            {t(r ? 'reached' : 'not_reached')}
          </Radio>
        ))}
        {tried && d.reached === undefined && (
          <p className="error" role="alert">
            {t('required')}
          </p>
        )}
      </fieldset>
      <Field id="call-reason" label={t('found')} error={tried && empty ? t('required') : at(send.error, 'reason')}>
        {(aria) => <Input.TextArea {...aria} rows={2} maxLength={1000} value={d.reason} onChange={(e) => setD({ ...d, reason: e.target.value })} />}
      </Field>
      <Problem error={send.error} />
      <Send pending={send.isPending}>{t('save_call')}</Send>
    </form>
  )
}

function Register({ c, can, entry }: { c: api.Case; can: Can; entry: (api.Entry & { at: string; by?: string }) | undefined }) {
  const t = useWords()
  const time = useWhen()
  const codes = useLoad(['complaint-codes'], api.codes)
  const category = codes.data?.reason_categories.find((x) => x.code === entry?.reason_category)?.name ?? entry?.reason_category
  return (
    <section className="card" aria-labelledby="register">
      <h2 id="register">{t('register')}</h2>
      {entry ? (
        <Facts
          rows={[
            [t('kind'), t(entry.kind)],
            [t('reason_category'), category],
            [t('by'), [entry.by, time(entry.at)].filter(Boolean).join(' · ')],
            [t('reason'), entry.reason],
            [t('measure'), entry.measure],
            [t('result'), entry.result],
          ]}
        />
      ) : (
        !can('record') && <p className="hint">{t('register_later')}</p>
      )}
      {can('record') &&
        (entry ? (
          <details>
            <summary>{t('correct')}</summary>
            <RegisterForm key={c.rev} c={c} entry={entry} codes={codes.data} />
          </details>
        ) : (
          <RegisterForm c={c} codes={codes.data} />
        ))}
    </section>
  )
}

const texts = ['reason', 'measure', 'result'] as const

function RegisterForm({ c, entry, codes }: { c: api.Case; entry?: api.Entry; codes: api.ComplaintCodes | undefined }) {
  const t = useWords()
  const [d, setD] = useState<api.Entry>(() => ({ kind: entry?.kind ?? c.kind, reason_category: entry?.reason_category ?? '', reason: entry?.reason ?? '', measure: entry?.measure ?? '', result: entry?.result ?? '' }))
  const [tried, setTried] = useState(false)
  const send = useVerb(() => api.register(c, d))
  const wrong = (k: keyof api.Entry) => (tried && !d[k].trim() ? t('required') : at(send.error, k))
  const submit = () => {
    setTried(true)
    if (Object.values(d).every((v) => v.trim())) send.mutate(undefined)
  }
  return (
    <form onSubmit={onSubmit(submit)} noValidate>
      <fieldset className="plain">
        <legend>{t('kind')}</legend>
        {(['complaint', 'suggestion'] as const).map((k) => (
          <Radio className="check" key={k} name="entry-kind" checked={d.kind === k} onChange={() => setD({ ...d, kind: k })}>
            {t(k)}
          </Radio>
        ))}
      </fieldset>
      <Field id="r-category" label={t('reason_category')} error={wrong('reason_category')}>
        {(aria) => <Choice {...aria} value={d.reason_category} onChange={(v) => setD({ ...d, reason_category: v })} options={(codes?.reason_categories ?? []).map((x) => ({ value: x.code, label: x.name }))} />}
      </Field>
      {texts.map((k) => (
        <Field key={k} id={'r-' + k} label={t(k)} hint={k === 'result' ? t('result_hint') : undefined} error={wrong(k)}>
          {(aria) => <Input.TextArea {...aria} rows={2} maxLength={1000} value={d[k]} onChange={(e) => setD({ ...d, [k]: e.target.value })} />}
        </Field>
      ))}
      <Problem error={send.error} />
      <Send pending={send.isPending}>{t('save')}</Send>
    </form>
  )
}

function SensitiveCard({ c, can, s }: { c: api.Case; can: Can; s: api.Sensitive }) {
  const t = useWords()
  const time = useWhen()
  const codes = useLoad(['complaint-codes'], api.codes)
  const ack = useVerb(() => api.acknowledge(c))
  const named = (code: string) => codes.data?.sensitivities.find((x) => x.code === code)?.name ?? code
  return (
    <section className="card" aria-labelledby="sensitive">
      <h2 id="sensitive">{t('sensitive')}</h2>
      <Facts
        rows={[
          [t('category'), s.category ? (s.name ?? s.category) : t('none')],
          [t('hints'), s.hints.map(named).join(' · ')],
          [t('reported'), time(s.reported_at)],
          [t('acked'), time(s.acknowledged_at)],
          [t('filing'), s.filing && [s.filing.number, s.filing.date, s.filing.authority].join(' · ')],
        ]}
      />
      {s.category && !s.acknowledged_at && s.acknowledge_by && (
        <p>
          {t('ack_by')} <Clock due={s.acknowledge_by} /> {s.escalated && <span className="state bad">{t('escalated')}</span>}
        </p>
      )}
      {can('acknowledge') && (
        <>
          <Problem error={ack.error} />
          <p>
            <Button type="primary" data-act="acknowledge" loading={ack.isPending} onClick={() => ack.mutate(undefined)}>
              {t('acknowledge')}
            </Button>
          </p>
        </>
      )}
      {can('file') && s.needs_filing && !s.filing && <p className="note warn">{t('filing_needed')}</p>}
      {can('flag') && <FlagForm key={'flag' + (s.category ?? '')} c={c} s={s} codes={codes.data} />}
      {can('file') && <FilingForm key={'file' + (s.filing?.number ?? '')} c={c} filing={s.filing} />}
    </section>
  )
}

const noMark = 'none'

function FlagForm({ c, s, codes }: { c: api.Case; s: api.Sensitive; codes: api.ComplaintCodes | undefined }) {
  const t = useWords()
  const [category, setCategory] = useState(s.category ?? '')
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const send = useVerb(() => api.flag(c, category === noMark ? '' : category, note.trim()))
  const empty = { category: !category, note: category === noMark && !note.trim() }
  const submit = () => {
    setTried(true)
    if (!empty.category && !empty.note) send.mutate(undefined)
  }
  // "Not sensitive" is a choice only where there is a mark to take away.
  const options = [...(codes?.sensitivities ?? []).map((x) => ({ value: x.code, label: x.name })), ...(s.category ? [{ value: noMark, label: t('none') }] : [])]
  return (
    <details>
      <summary>{t('flag')}</summary>
      <p className="hint">{t('flag_lead')}</p>
      <form onSubmit={onSubmit(submit)} noValidate>
        <Field id="flag-category" label={t('category')} error={tried && empty.category ? t('required') : at(send.error, 'category')}>
          {(aria) => <Choice {...aria} value={category} onChange={setCategory} options={options} />}
        </Field>
        <Field id="flag-note" label={t('note')} error={tried && empty.note ? t('required') : at(send.error, 'note')}>
          {(aria) => <Input.TextArea {...aria} rows={2} maxLength={1000} value={note} onChange={(e) => setNote(e.target.value)} />}
        </Field>
        <Problem error={send.error} />
        <Send pending={send.isPending}>{t('flag_do')}</Send>
      </form>
    </details>
  )
}

function FilingForm({ c, filing }: { c: api.Case; filing: api.Filing | undefined }) {
  const t = useWords()
  const [d, setD] = useState<api.Filing>(filing ?? { number: '', date: '', authority: '' })
  const [tried, setTried] = useState(false)
  const send = useVerb(() => api.file(c, d))
  const submit = () => {
    setTried(true)
    if (d.number.trim() && d.date && d.authority.trim()) send.mutate(undefined)
  }
  const fields = [
    ['number', t('filing_number'), 'text'],
    ['date', t('filing_date'), 'date'],
    ['authority', t('authority'), 'text'],
  ] as const
  return (
    <details>
      <summary>{t(filing ? 'filing_change' : 'filing_do')}</summary>
      <form onSubmit={onSubmit(submit)} noValidate>
        {fields.map(([k, label, type]) => (
          <Field key={k} id={'filing-' + k} label={label} error={tried && !d[k].trim() ? t('required') : at(send.error, k)}>
            {(aria) => <Input {...aria} type={type} maxLength={128} value={d[k]} onChange={(e) => setD({ ...d, [k]: e.target.value })} />}
          </Field>
        ))}
        <Problem error={send.error} />
        <Send pending={send.isPending}>{t(filing ? 'filing_change' : 'filing_do')}</Send>
      </form>
    </details>
  )
}

function Close({ c, can, missing }: { c: api.Case; can: Can; missing: string[] }) {
  const t = useWords()
  const send = useVerb(() => api.close(c))
  if (c.state === 'closed' || (!can('close') && missing.length === 0)) return null
  return (
    <section className="card" aria-labelledby="close">
      <h2 id="close">{t('close')}</h2>
      {missing.length > 0 && (
        <>
          <p>{t('missing')}</p>
          <ul>
            {missing.map((m) => (
              <li key={m}>{m}</li>
            ))}
          </ul>
        </>
      )}
      {can('close') && (
        <>
          <p className="hint">{t('close_sure')}</p>
          <Problem error={send.error} />
          <Button type="primary" className="close-complaint" loading={send.isPending} onClick={() => send.mutate(undefined)}>
            {t('close')}
          </Button>
        </>
      )}
    </section>
  )
}

function History({ c }: { c: api.Case }) {
  const t = useWords()
  const time = useWhen()
  if (!c.log?.length) return null
  return (
    <section className="card" aria-labelledby="history">
      <h2 id="history">{t('history')}</h2>
      <ol className="facts">
        {c.log.map((l, i) => (
          <li key={i}>
            <span className="hint">{time(l.at)}</span> {l.text}
            {l.words && <p className="quote">{l.words}</p>}
          </li>
        ))}
      </ol>
    </section>
  )
}
