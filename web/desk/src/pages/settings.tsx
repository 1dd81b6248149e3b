// What may be changed: each with the value in force, who set it, what is planned;
// one of them with its history, a form for a new value, and the way back.

import { useState } from 'react'
import * as api from '../../../shared/api'
import type { Setting, SettingVersion } from '../../../shared/types'
import { useLoad, useVerb, useWhen } from '../app'
import { Button, Input } from '../controls'
import { at, Empty, Field, Heading, onSubmit, Problem, Send, Table, Wait, type Column } from '../parts'
import { ReasonDialog } from '../reason'
import type { PageProps } from '.'
import { Value } from './value'
import { useWords } from './settingstexts'

export default function SettingsPage({ route }: PageProps) {
  const name = route.parts[1]
  return name ? <One key={name} name={name} /> : <All />
}

function All() {
  const t = useWords()
  const list = useLoad(['settings'], api.settings)
  const columns: Column<Setting>[] = [
    { key: 'name', title: t('name'), cell: (s) => <><a href={'#/settings/' + s.name}>{s.title}</a> <small className="hint">{s.hint}</small></> },
    { key: 'origin', title: t('origin'), cell: (s) => <Origin s={s} /> },
    { key: 'planned', title: '', cell: (s) => (s.planned > 0 ? <span className="state waiting">{t('planned', { n: s.planned })}</span> : null) },
  ]
  return (
    <>
      <Heading>{t('title')}</Heading>
      <p>{t('lead')}</p>
      <Wait of={list}>{({ items }) => <Table label={t('title')} columns={columns} rows={items} id={(s) => s.name} row={(s) => ({ 'data-setting': s.name })} />}</Wait>
    </>
  )
}

function Origin({ s }: { s: Setting }) {
  const t = useWords()
  const time = useWhen()
  return (
    <>
      {s.own ? t('own') : (s.set_by?.name ?? t('fallback'))} {s.from && <small className="hint">{`${t('since')} ${time(s.from)}`}</small>}
    </>
  )
}

function One({ name }: { name: string }) {
  const t = useWords()
  const setting = useLoad(['setting', name], () => api.setting(name))
  const [edit, setEdit] = useState(false)
  return (
    <div className="single">
      <p className="backlink">
        <a href="#/settings">{t('back')}</a>
      </p>
      <Wait of={setting}>
        {(s) => (
          <>
            <Heading>{s.title}</Heading>
            <p>{s.hint}</p>
            <section className="card" aria-labelledby="now">
              <h2 id="now">{t('now')}</h2>
              <p className="hint">
                <Origin s={s} />
              </p>
              {edit ? <Form s={s} done={() => setEdit(false)} /> : <Value id="v" label={s.title} value={s.value} labels={s.labels} />}
              {!edit && s.can_set && (
                <div className="buttons">
                  <Button type="primary" onClick={() => setEdit(true)}>
                    {t('change')}
                  </Button>
                  {s.own && <Way s={s} />}
                </div>
              )}
            </section>
            <History s={s} />
            {s.below && (
              <section className="card" aria-labelledby="below">
                <h2 id="below">{t('below')}</h2>
                <ul>
                  {s.below.map((b) => (
                    <li key={b.org.id}>{b.org.name}</li>
                  ))}
                </ul>
              </section>
            )}
          </>
        )}
      </Wait>
    </div>
  )
}

function Form({ s, done }: { s: Setting; done: () => void }) {
  const t = useWords()
  const [value, setValue] = useState(s.value)
  const [reason, setReason] = useState('')
  const [from, setFrom] = useState('')
  const save = useVerb(() => api.setSetting(s.name, { version: s.version, reason, value, ...(from && { from: new Date(from).toISOString() }) }), done)
  return (
    <form onSubmit={onSubmit(() => save.mutate(undefined))} noValidate>
      <Value id="v" label={s.title} value={value} labels={s.labels} error={save.error} onChange={setValue} />
      <Field id="from" label={t('from')} hint={t('from_hint')} error={at(save.error, 'from')}>
        {(aria) => <Input {...aria} className="choice" type="datetime-local" value={from} onChange={(e) => setFrom(e.target.value)} />}
      </Field>
      <Field id="reason" label={t('reason')} error={at(save.error, 'reason')}>
        {(aria) => <Input.TextArea {...aria} rows={2} value={reason} onChange={(e) => setReason(e.target.value)} />}
      </Field>
      <Problem error={save.error} />
      <div className="buttons">
        <Send pending={save.isPending}>{t('save')}</Send>
        <Button onClick={done}>{t('cancel')}</Button>
      </div>
    </form>
  )
}

/** A way back: to an older version, or to what those above have. */
function Way({ s, to }: { s: Setting; to?: number }) {
  const t = useWords()
  const [open, setOpen] = useState(false)
  const go = useVerb(
    (reason: string) => (to === undefined ? api.inheritSetting(s.name, { version: s.version, reason }) : api.revertSetting(s.name, { version: s.version, reason, to })),
    () => setOpen(false),
  )
  const label = to === undefined ? t('inherit') : t('revert')
  return (
    <>
      <Button size={to === undefined ? 'middle' : 'small'} aria-haspopup="dialog" onClick={() => (go.reset(), setOpen(true))}>
        {label}
      </Button>
      {open && <ReasonDialog title={label} lead={to === undefined ? t('inherit_lead') : t('revert_lead', { n: to })} confirm={label} pending={go.isPending} error={go.error} onConfirm={(reason) => go.mutate(reason)} onClose={() => setOpen(false)} />}
    </>
  )
}

function History({ s }: { s: Setting }) {
  const t = useWords()
  const time = useWhen()
  const state = (v: SettingVersion) =>
    v.in_force ? <span className="state good">{t('in_force')}</span> : Date.parse(v.from) > api.now() ? <span className="state waiting">{t('later')}</span> : null
  const columns: Column<SettingVersion>[] = [
    { key: 'version', title: t('version'), cell: (v) => <>{v.version} {state(v)}</> },
    { key: 'from', title: t('holds'), cell: (v) => time(v.from) },
    { key: 'by', title: t('by'), cell: (v) => v.by },
    { key: 'reason', title: t('reason'), cell: (v) => (v.erased ? t('erased') : v.reason) },
    {
      key: 'value',
      title: t('value'),
      cell: (v) =>
        v.cleared ? (
          t('cleared')
        ) : (
          <details>
            <summary>{t('show')}</summary>
            <Value id={'h' + v.version} label={s.title} value={v.value} labels={s.labels} />
            {s.can_set && !v.in_force && <Way s={s} to={v.version} />}
          </details>
        ),
    },
  ]
  return (
    <section aria-labelledby="history">
      <h2 id="history">{t('history')}</h2>
      {s.history?.length ? <Table label={t('history')} columns={columns} rows={s.history} id={(v) => String(v.version)} /> : <Empty>{t('no_history')}</Empty>}
    </section>
  )
}
