// Complaints and suggestions: the list with its clocks, one of them, and taking one
// down. The address keeps the filter, so a figure of the board opens what it counted.
// req: B7.1.2.2a B7.1.2.2b B7.1.2.3a

import { useState } from 'react'
import { query as search } from '../../../shared/api'
import { newID } from '../../../shared/ident'
import { go } from '../../../shared/route'
import type { ComplaintKind } from '../../../shared/types'
import { is, useApp, useLang, useLoad, usePages, useVerb, useWhen } from '../app'
import { Button, Checkbox, Input, Radio } from '../controls'
import { at, Choice, Clock, Field, Heading, onSubmit, PagedTable, Problem, Send, Wait, type Column } from '../parts'
import type { PageProps } from '.'
import { CasePage } from './complaint'
import * as api from './complaintapi'
import { Marks } from './complaintparts'
import { useWords } from './complainttexts'
import { Place } from './regions'

const states = ['open', 'collected', 'called', 'registered', 'closed'] as const
const keys = ['state', 'month', 'date', 'sensitive', 'overdue', 'order'] as const
type Filter = Record<(typeof keys)[number], string>

export default function ComplaintsPage({ route }: PageProps) {
  const id = route.parts[1]
  const q = route.query
  if (id === 'new') return <TakeDown order={q.get('order') ?? ''} number={q.get('number') ?? ''} />
  if (id) return <CasePage key={id} id={id} />
  return <All f={Object.fromEntries(keys.map((k) => [k, q.get(k) ?? ''])) as Filter} />
}

function All({ f }: { f: Filter }) {
  const t = useWords()
  const { me } = useApp()
  const put = (c: Partial<Filter>) => go('/complaints' + search({ ...f, ...c }))
  const flag = (k: 'sensitive' | 'overdue', text: string) => (
    <Checkbox className="check" checked={f[k] === 'true'} onChange={(e) => put({ [k]: e.target.checked ? 'true' : '' })}>
      {text}
    </Checkbox>
  )
  return (
    <>
      <Heading
        extra={
          is(me, 'operations', 'quality') && (
            <Button type="primary" href="#/complaints/new">
              {t('new')}
            </Button>
          )
        }
      >
        {t('title')}
      </Heading>
      <div className="filters" role="search">
        <label htmlFor="c-state">
          {t('state')}
          <Choice id="c-state" value={f.state} all={t('all')} options={states.map((s) => ({ value: s, label: t(s) }))} onChange={(state) => put({ state })} />
        </label>
        <label>
          {t('month')} <Input type="month" value={f.month} onChange={(e) => put({ month: e.target.value, date: '' })} />
        </label>
        <label>
          {t('date')} <Input type="date" value={f.date} onChange={(e) => put({ date: e.target.value, month: '' })} />
        </label>
        {flag('sensitive', t('only_sensitive'))}
        {flag('overdue', t('only_overdue'))}
      </div>
      {f.order && (
        <p className="note">
          {t('of_order')} <a href={'#/complaints' + search({ ...f, order: '' })}>{t('show_all')}</a>
        </p>
      )}
      <Rows key={JSON.stringify(f)} f={f} />
    </>
  )
}

function Rows({ f }: { f: Filter }) {
  const t = useWords()
  const time = useWhen()
  const list = usePages(['complaints', f], (cursor) => api.list({ ...f, limit: 50, ...(cursor && { cursor }) }), 10_000)
  const columns: Column<api.Case>[] = [
    { key: 'number', title: t('number'), cell: (c) => <><a href={'#/complaints/' + c.id}>{c.number}</a> <small className="hint">{t(c.kind)}</small></> },
    { key: 'state', title: t('state'), cell: (c) => <Marks c={c} /> },
    { key: 'clock', title: t('call_by'), cell: (c) => (c.state === 'collected' ? <Clock due={c.call_by} /> : undefined) },
    { key: 'what', title: t('what'), cell: (c) => <span className="clip">{c.erased ? t('erased') : c.text}</span> },
    { key: 'order', title: t('order'), cell: (c) => c.order && <a href={'#/orders/' + c.order.id}>{c.order.number}</a> },
    { key: 'received', title: t('received'), cell: (c) => time(c.received_at) },
  ]
  return <PagedTable of={list} empty={t('empty')} label={t('title')} columns={columns} id={(c) => c.id} row={(c) => ({ 'data-complaint': c.id, 'data-state': c.state })} />
}

/** For somebody who called, came or wrote. */
function TakeDown({ order, number }: { order: string; number: string }) {
  const t = useWords()
  const lang = useLang()
  const codes = useLoad(['complaint-codes'], api.codes)
  const [d, setD] = useState({ id: newID(), kind: 'complaint' as ComplaintKind, channel: 'hotline', text: '', name: '', phone: '', received: '', region: '' })
  const [tried, setTried] = useState(false)
  const send = useVerb(
    () =>
      api.takeDown({
        id: d.id,
        kind: d.kind,
        channel: d.channel,
        text: d.text.trim(),
        language: lang,
        ...(d.name.trim() && { name: d.name.trim() }),
        ...(d.phone.trim() && { phone: d.phone.trim() }),
        ...(order ? { order } : d.region && { region: d.region }),
        ...(d.received && { received_at: new Date(d.received).toISOString() }),
      }),
    (c) => go('/complaints/' + c.id),
  )
  const missing = { text: !d.text.trim(), phone: !order && !d.phone.trim() }
  const error = (k: 'text' | 'phone') => (tried && missing[k] ? t('required') : at(send.error, k))
  const submit = () => {
    setTried(true)
    if (!missing.text && !missing.phone) send.mutate(undefined)
  }
  return (
    <div className="single">
      <p className="backlink">
        <a href="#/complaints">{t('back')}</a>
      </p>
      <Heading>{t('new_title')}</Heading>
      <p className="hint">{t('new_lead')}</p>
      <Wait of={codes}>
        {({ channels }) => (
          <form className="card" onSubmit={onSubmit(submit)} noValidate>
            {order && <p>{t('for_order', { n: number })}</p>}
            <fieldset className="plain">
              <legend>{t('kind')}</legend>
              {(['complaint', 'suggestion'] as const).map((k) => (
                <Radio className="check" key={k} name="kind" checked={d.kind === k} onChange={() => setD({ ...d, kind: k })}>
                  {t(k)}
                </Radio>
              ))}
            </fieldset>
            <Field id="c-channel" label={t('channel')} error={at(send.error, 'channel')}>
              {(aria) => <Choice {...aria} value={d.channel} onChange={(channel) => setD({ ...d, channel })} options={channels.map((c) => ({ value: c.code, label: c.name }))} />}
            </Field>
            <Field id="c-text" label={t('text')} error={error('text')}>
              {(aria) => <Input.TextArea {...aria} rows={5} maxLength={2000} value={d.text} onChange={(e) => setD({ ...d, text: e.target.value })} />}
            </Field>
            <Field id="c-name" label={t('name')} error={at(send.error, 'name')}>
              {(aria) => <Input {...aria} autoComplete="off" maxLength={64} value={d.name} onChange={(e) => setD({ ...d, name: e.target.value })} />}
            </Field>
            <Field id="c-phone" label={t('phone')} hint={t('phone_hint')} error={error('phone')}>
              {(aria) => <Input {...aria} inputMode="tel" autoComplete="off" value={d.phone} onChange={(e) => setD({ ...d, phone: e.target.value })} />}
            </Field>
            {!order && <Where error={at(send.error, 'region')} onChange={(region) => setD({ ...d, region })} />}
            <Field id="c-received" label={t('received')} hint={t('received_hint')} error={at(send.error, 'received_at')}>
              {(aria) => <Input {...aria} type="datetime-local" value={d.received} onChange={(e) => setD({ ...d, received: e.target.value })} />}
            </Field>
            <Problem error={send.error} />
            <Send pending={send.isPending}>{t('new')}</Send>
          </form>
        )}
      </Wait>
    </div>
  )
}

/** Which organisation handles it: that of the deepest place that was chosen. */
function Where({ error, onChange }: { error: string | undefined; onChange: (code: string) => void }) {
  const t = useWords()
  return (
    <fieldset>
      <legend>{t('where')}</legend>
      <p className="hint">{t('where_hint')}</p>
      <Place id="c" onChange={onChange} />
      {error && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}
