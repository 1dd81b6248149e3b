// Warnings of operations: who owns which, what happened, and how it ended.

import { useState } from 'react'
import * as api from '../../../shared/api'
import { query } from '../../../shared/api'
import { go } from '../../../shared/route'
import type { Alarm, Said } from '../../../shared/types'
import { is, useApp, useLoad, usePages, useVerb, useWhen } from '../app'
import { Button } from '../controls'
import { Choice, Facts, Heading, PagedTable, Wait, type Column } from '../parts'
import { ReasonDialog } from '../reason'
import type { PageProps } from '.'
import { useWords } from './alarmstexts'

const states = ['running', 'open', 'acknowledged', 'resolved'] as const

export default function AlarmsPage({ route }: PageProps) {
  const id = route.parts[1]
  return id ? <One key={id} id={id} /> : <All state={route.query.get('state') ?? 'running'} mine={route.query.get('mine') ?? ''} />
}

function All({ state, mine }: { state: string; mine: string }) {
  const t = useWords()
  const time = useWhen()
  const shown = state === 'all' ? '' : state
  const list = usePages(['alarms', shown, mine], (cursor) => api.alarms({ state: shown, mine, limit: 50, ...(cursor && { cursor }) }), 5_000)
  const columns: Column<Alarm>[] = [
    { key: 'what', title: t('what'), cell: (a) => <><a href={'#/alarms/' + a.id}>{a.title}</a> {a.number && <small className="hint">{a.number}</small>} {a.severe && <span className="state bad">{t('severe')}</span>}</> },
    { key: 'state', title: t('state'), cell: (a) => <State a={a} /> },
    { key: 'where', title: t('where'), cell: (a) => a.org },
    { key: 'since', title: t('since'), cell: (a) => time(a.opened_at) },
    { key: 'owner', title: t('owner'), cell: (a) => (a.mine ? t('you') : (a.owner ?? '')) },
    { key: 'do', title: t('do'), cell: (a) => <Acts a={a} /> },
  ]
  return (
    <>
      <Heading>{t('title')}</Heading>
      <div className="filters">
        <label htmlFor="a-state">
          {t('show')}
          <Choice
            id="a-state"
            value={mine ? 'mine' : state}
            options={[...states.map((s) => ({ value: s as string, label: t(s) })), { value: 'mine', label: t('mine') }, { value: 'all', label: t('all') }]}
            onChange={(s) => go('/alarms' + query(s === 'mine' ? { state: 'running', mine: 'true' } : { state: s }))}
          />
        </label>
      </div>
      <PagedTable of={list} empty={t('empty')} label={t('title')} columns={columns} id={(a) => a.id} row={(a) => ({ 'data-alarm': a.id, 'data-kind': a.kind, 'data-state': a.state })} />
    </>
  )
}

function State({ a }: { a: Alarm }) {
  const t = useWords()
  return (
    <>
      <span className={'state ' + (a.state === 'open' ? 'waiting' : a.state === 'resolved' ? 'closed' : 'good')}>{t(a.state)}</span> {a.escalated && a.state === 'open' && <span className="state bad">{t('escalated')}</span>}
    </>
  )
}

/** What operations may do with a warning that is not over. */
function Acts({ a }: { a: Alarm }) {
  const t = useWords()
  const { me } = useApp()
  const [asking, setAsking] = useState<'ack' | 'end' | null>(null)
  const act = useVerb(
    (said: string) => (asking === 'end' ? api.resolve : api.acknowledge)(a.id, said, a.rev),
    () => setAsking(null),
  )
  if (a.state === 'resolved' || !is(me, 'operations')) return null
  const ask = (what: 'ack' | 'end') => {
    act.reset()
    setAsking(what)
  }
  return (
    <span className="buttons">
      {!a.mine && (
        <Button size="small" type={a.state === 'open' ? 'primary' : 'default'} data-act="acknowledge" aria-haspopup="dialog" onClick={() => ask('ack')}>
          {t(a.state === 'open' ? 'ack' : 'take')}
        </Button>
      )}
      <Button size="small" data-act="resolve" aria-haspopup="dialog" onClick={() => ask('end')}>
        {t('end')}
      </Button>
      {asking && (
        <ReasonDialog title={a.title} lead={t(asking === 'ack' ? 'ack_lead' : 'end_lead')} label={t('words')} confirm={t(asking === 'ack' ? (a.state === 'open' ? 'ack' : 'take') : 'end')} pending={act.isPending} error={act.error} onConfirm={(said) => act.mutate(said)} onClose={() => setAsking(null)} />
      )}
    </span>
  )
}

function One({ id }: { id: string }) {
  const t = useWords()
  const time = useWhen()
  const alarm = useLoad(['alarm', id], () => api.alarm(id), 5_000)
  const said = (s?: Said) => s && (s.erased ? t('erased') : s.text)
  return (
    <div className="single">
      <p className="backlink">
        <a href="#/alarms">{t('back')}</a>
      </p>
      <Wait of={alarm}>
        {(a) => (
          <>
            <Heading extra={<Acts a={a} />}>{a.title}</Heading>
            <section className="card">
              <Facts
                rows={[
                  [t('state'), <State key="s" a={a} />],
                  [t('where'), a.org],
                  [t('since'), time(a.opened_at)],
                  [t('owner'), a.mine ? t('you') : a.owner],
                  [t('words'), said(a.words)],
                  [t('resolved'), a.resolved_at && `${time(a.resolved_at)} · ${a.resolved_by_hand ? (said(a.result) ?? t('by_hand')) : t('auto')}`],
                ]}
              />
              {a.opens?.kind === 'order' && <p><a href={'#/orders/' + a.opens.id}>{t('order', { n: a.number ?? '' })}</a></p>}
              {a.opens?.kind === 'orders' && a.state !== 'resolved' && <p><a href="#/orders?figure=waiting">{t('waiting')}</a></p>}
            </section>
            <section className="card" aria-labelledby="h">
              <h2 id="h">{t('history')}</h2>
              <ol className="facts">
                {a.history?.map((h, i) => (
                  <li key={i}>
                    <span className="hint">{time(h.at)}</span> {h.sentence} {h.by && <b>{h.by}</b>}
                    {h.words && <p className="quote">{said(h.words)}</p>}
                  </li>
                ))}
              </ol>
            </section>
          </>
        )}
      </Wait>
    </div>
  )
}
