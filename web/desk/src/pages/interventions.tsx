// Interventions with lawyers whose satisfaction fell below the limit: why, what shows
// it, what was done, the conclusion. They open by themselves. req: B7.1.4.1

import { useState } from 'react'
import { query } from '../../../shared/api'
import { newID } from '../../../shared/ident'
import { go } from '../../../shared/route'
import { is, useApp, useLoad, usePages, useVerb, useWhen } from '../app'
import { Button, Checkbox, Input } from '../controls'
import { at, Choice, Facts, Field, Heading, onSubmit, PagedTable, Problem, Send, Text, Wait, type Column } from '../parts'
import { ReasonDialog } from '../reason'
import type { PageProps } from '.'
import * as api from './qualityapi'
import { useWords } from './qualitytexts'
import { Result } from './sample'

const states = ['open', 'closed', 'lapsed'] as const

export default function InterventionsPage({ route }: PageProps) {
  const id = route.parts[1]
  return id ? <One key={id} id={id} /> : <All state={route.query.get('state') ?? ''} />
}

function StateMark({ x }: { x: api.Intervention }) {
  const t = useWords()
  return <span className={'state ' + (x.state === 'open' ? 'waiting' : 'closed')}>{t(`i_${x.state}`)}</span>
}

function All({ state }: { state: string }) {
  const t = useWords()
  const time = useWhen()
  const list = usePages(['interventions', state], (cursor) => api.interventions({ state, limit: 50, ...(cursor && { cursor }) }), 10_000)
  const columns: Column<api.Intervention>[] = [
    { key: 'lawyer', title: t('lawyer'), cell: (x) => <a href={'#/interventions/' + x.id}>{x.lawyer?.name ?? t('erased')}</a> },
    { key: 'state', title: t('state'), cell: (x) => <StateMark x={x} /> },
    { key: 'satisfaction', title: t('satisfaction'), cell: (x) => `${x.satisfaction.text} (${x.satisfaction.num}/${x.satisfaction.den})` },
    { key: 'category', title: t('category'), cell: (x) => x.category && t(x.category) },
    { key: 'measures', title: t('measures'), cell: (x) => x.measures, figure: true },
    { key: 'opened', title: t('opened'), cell: (x) => time(x.opened_at) },
  ]
  return (
    <>
      <Heading>{t('interventions')}</Heading>
      <div className="filters">
        <label htmlFor="i-state">
          {t('state')}
          <Choice id="i-state" value={state} all={t('all')} options={states.map((s) => ({ value: s, label: t(`i_${s}`) }))} onChange={(s) => go('/interventions' + query({ state: s }))} />
        </label>
      </div>
      <PagedTable of={list} empty={t('i_empty')} label={t('interventions')} columns={columns} id={(x) => x.id} row={(x) => ({ 'data-intervention': x.id })} />
    </>
  )
}

function One({ id }: { id: string }) {
  const t = useWords()
  const one = useLoad(['intervention', id], () => api.readIntervention(id))
  return (
    <div className="single">
      <p className="backlink">
        <a href="#/interventions">{t('back')}</a>
      </p>
      <Wait of={one}>{(x) => <View x={x} />}</Wait>
    </div>
  )
}

function View({ x }: { x: api.InterventionDetail }) {
  const t = useWords()
  const time = useWhen()
  const { me } = useApp()
  const works = x.state === 'open' && is(me, 'quality')
  const inspects = is(me, 'quality', 'bureau', 'administrator')
  return (
    <article data-state={x.state}>
      <Heading>{x.lawyer?.name ?? t('interventions')}</Heading>
      <p className="line">
        <StateMark x={x} />
      </p>
      <section className="card">
        <Facts
          rows={[
            [t('satisfaction'), `${x.satisfaction.text} (${x.satisfaction.num}/${x.satisfaction.den})`],
            [t('opened'), time(x.opened_at)],
            [t('ended'), time(x.closed_at)],
            [t('conclusion'), x.conclusion],
          ]}
        />
      </section>
      <section className="card" aria-labelledby="analysis">
        <h2 id="analysis">{t('analysis')}</h2>
        {x.category ? (
          <>
            <p>
              <b>{t(x.category)}</b>
            </p>
            <Text>{x.cause ?? t('erased')}</Text>
            {x.checks.length > 0 && (
              <>
                <h3>{t('shows')}</h3>
                <ul>{x.checks.map((c, i) => <li key={c}>{inspects ? <a href={'#/quality/samples/' + c}>{i + 1}</a> : i + 1}</li>)}</ul>
              </>
            )}
            {works && (
              <details>
                <summary>{t('analysis_change')}</summary>
                <Analysis key={x.rev} x={x} />
              </details>
            )}
          </>
        ) : works ? (
          <Analysis key={x.rev} x={x} />
        ) : (
          <p className="hint">{t('analysis_none')}</p>
        )}
      </section>
      <section className="card" aria-labelledby="measures">
        <h2 id="measures">{t('measures')}</h2>
        {x.taken.length === 0 && <p className="hint">{t('measures_none')}</p>}
        <ol className="facts">
          {x.taken.map((m) => (
            <li key={m.id}>
              <span className="hint">{time(m.at)}</span> <b>{t(m.kind === 'talk' ? 'talk_kind' : 'training')}</b>
              <Text>{m.words || t('erased')}</Text>
            </li>
          ))}
        </ol>
        {works && <Measure x={x} />}
      </section>
      {works && <Conclude x={x} />}
    </article>
  )
}

function Analysis({ x }: { x: api.InterventionDetail }) {
  const t = useWords()
  const [d, setD] = useState({ category: x.category ?? '', cause: x.cause ?? '', checks: x.checks })
  const [tried, setTried] = useState(false)
  const lawyer = x.lawyer?.id ?? ''
  const samples = useLoad(['samples', 'of', lawyer], () => api.samples({ lawyer, result: 'inspected', limit: 50 }), 0, lawyer !== '')
  const send = useVerb(() => api.analyse(x, { ...d, cause: d.cause.trim() }))
  const submit = () => {
    setTried(true)
    if (d.category && d.cause.trim()) send.mutate(undefined)
  }
  return (
    <form onSubmit={onSubmit(submit)} noValidate>
      <Field id="i-category" label={t('category')} error={tried && !d.category ? t('required') : at(send.error, 'category')}>
        {(aria) => <Choice {...aria} value={d.category} onChange={(category) => setD({ ...d, category })} options={api.categories.map((c) => ({ value: c, label: t(c) }))} />}
      </Field>
      <Field id="i-cause" label={t('cause')} error={tried && !d.cause.trim() ? t('required') : at(send.error, 'cause')}>
        {(aria) => <Input.TextArea {...aria} rows={3} maxLength={1000} value={d.cause} onChange={(e) => setD({ ...d, cause: e.target.value })} />}
      </Field>
      <fieldset>
        <legend>{t('shows')}</legend>
        {samples.data?.items.length === 0 && <p className="hint">{t('shows_none')}</p>}
        {samples.data?.items.map((s) => (
          <p key={s.id} className="line">
            <Checkbox checked={d.checks.includes(s.id)} onChange={(e) => setD({ ...d, checks: e.target.checked ? [...d.checks, s.id] : d.checks.filter((c) => c !== s.id) })}>
              {s.number}
            </Checkbox>
            <Result s={s} />
          </p>
        ))}
      </fieldset>
      <Problem error={send.error} />
      <Send pending={send.isPending}>{t('save')}</Send>
    </form>
  )
}

function Measure({ x }: { x: api.InterventionDetail }) {
  const t = useWords()
  const blank = () => ({ id: newID(), kind: 'talk', words: '' })
  const [d, setD] = useState(blank)
  const [empty, setEmpty] = useState(false)
  const send = useVerb(
    () => api.measure(x, { ...d, words: d.words.trim() }),
    () => setD(blank()),
  )
  const submit = () => {
    setEmpty(!d.words.trim())
    if (d.words.trim()) send.mutate(undefined)
  }
  return (
    <form onSubmit={onSubmit(submit)} noValidate>
      <h3>{t('measure_add')}</h3>
      <Field id="m-kind" label={t('measures')} error={at(send.error, 'kind')}>
        {(aria) => <Choice {...aria} value={d.kind} onChange={(kind) => setD({ ...d, kind })} options={[{ value: 'talk', label: t('talk_kind') }, { value: 'training', label: t('training') }]} />}
      </Field>
      <Field id="m-words" label={t('measure_words')} error={empty && !d.words.trim() ? t('required') : at(send.error, 'words')}>
        {(aria) => <Input.TextArea {...aria} rows={3} maxLength={1000} value={d.words} onChange={(e) => setD({ ...d, words: e.target.value })} />}
      </Field>
      <Problem error={send.error} />
      <Send pending={send.isPending}>{t('save')}</Send>
    </form>
  )
}

function Conclude({ x }: { x: api.InterventionDetail }) {
  const t = useWords()
  const [open, setOpen] = useState(false)
  const send = useVerb(
    (words: string) => api.conclude(x, words),
    () => setOpen(false),
  )
  const ready = !!x.category && x.taken.length > 0
  return (
    <section className="card">
      <p className="hint">{t('conclude_lead')}</p>
      <Button type="primary" data-act="conclude" aria-haspopup="dialog" disabled={!ready} onClick={() => (send.reset(), setOpen(true))}>
        {t('conclude')}
      </Button>
      {open && <ReasonDialog title={t('conclude')} lead={t('conclude_lead')} label={t('conclusion')} confirm={t('conclude')} pending={send.isPending} error={send.error} onConfirm={(w) => send.mutate(w)} onClose={() => setOpen(false)} />}
    </section>
  )
}
