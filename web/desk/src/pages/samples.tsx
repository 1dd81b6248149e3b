// Replies to inspect and inspected: the queue of the one who checks, all samples, and
// one of them (sample.tsx). The address keeps the filter, so the board's rates open
// what they counted. req: B7.2.4a B7.T1e B7.T1f

import { query as search } from '../../../shared/api'
import { go } from '../../../shared/route'
import { is, useApp, usePages, useWhen } from '../app'
import { Input } from '../controls'
import { Choice, Heading, PagedTable, type Column } from '../parts'
import type { PageProps } from '.'
import * as api from './qualityapi'
import { useWords } from './qualitytexts'
import { Result, SamplePage, StateMark } from './sample'

const keys = ['mine', 'month', 'state', 'result', 'source', 'lawyer'] as const
type Filter = Record<(typeof keys)[number], string>
const states = ['open', 'checked', 'disputed', 'differing', 'final', 'void'] as const

export default function SamplesPage({ route }: PageProps) {
  const { me } = useApp()
  const id = route.parts[2]
  if (id) return <SamplePage key={id} id={id} back="#/quality/samples" />
  const f = Object.fromEntries(keys.map((k) => [k, route.query.get(k) ?? ''])) as Filter
  // Who checks begins with his queue.
  if (is(me, 'quality', 'administrator') && keys.every((k) => !f[k])) f.mine = 'true'
  return <All f={f} />
}

function All({ f }: { f: Filter }) {
  const t = useWords()
  const { me } = useApp()
  const mine = f.mine === 'true'
  const put = (c: Partial<Filter>) => go('/quality/samples' + search({ ...f, mine: 'false', ...c }))
  return (
    <>
      <Heading>{t('title')}</Heading>
      {is(me, 'quality', 'administrator') && (
        <nav className="tabs" aria-label={t('title')}>
          <a href="#/quality/samples?mine=true" aria-current={mine ? 'page' : undefined}>
            {t('mine')}
          </a>
          <a href="#/quality/samples?mine=false" aria-current={mine ? undefined : 'page'}>
            {t('every')}
          </a>
        </nav>
      )}
      {!mine && (
        <div className="filters" role="search">
          <label>
            {t('month')} <Input type="month" value={f.month} onChange={(e) => put({ month: e.target.value })} />
          </label>
          <label htmlFor="q-state">
            {t('state')}
            <Choice id="q-state" value={f.state} all={t('all')} options={states.map((s) => ({ value: s, label: t(s) }))} onChange={(state) => put({ state })} />
          </label>
          <label htmlFor="q-result">
            {t('result')}
            <Choice id="q-result" value={f.result} all={t('all')} options={(['inspected', 'fatal', 'minor'] as const).map((s) => ({ value: s, label: t(`r_${s}`) }))} onChange={(result) => put({ result })} />
          </label>
          <label htmlFor="q-source">
            {t('source')}
            <Choice id="q-source" value={f.source} all={t('all')} options={(['drawn', 'added'] as const).map((s) => ({ value: s, label: t(s) }))} onChange={(source) => put({ source })} />
          </label>
        </div>
      )}
      <Rows key={JSON.stringify(f)} f={{ ...f, mine: mine ? 'true' : '' }} empty={t(mine ? 'empty_mine' : 'empty')} />
    </>
  )
}

function Rows({ f, empty }: { f: Filter; empty: string }) {
  const t = useWords()
  const time = useWhen()
  const list = usePages(['samples', f], (cursor) => api.samples({ ...f, limit: 50, ...(cursor && { cursor }) }), 10_000)
  const columns: Column<api.Sample>[] = [
    { key: 'number', title: t('number'), cell: (s) => <a className="whole" href={'#/quality/samples/' + s.id}>{s.number}</a> },
    { key: 'state', title: t('state'), cell: (s) => <StateMark s={s} /> },
    { key: 'result', title: t('result'), cell: (s) => <Result s={s} /> },
    { key: 'lawyer', title: t('lawyer'), cell: (s) => s.lawyer?.name },
    { key: 'problem', title: t('problem'), cell: (s) => s.problem },
    { key: 'month', title: t('month'), cell: (s) => <span className="whole">{s.month}</span> },
    { key: 'source', title: t('source'), cell: (s) => t(s.drawn ? 'drawn' : 'added') },
    { key: 'due', title: t('due'), cell: (s) => time(s.due_at) },
  ]
  return <PagedTable of={list} empty={empty} label={t('title')} columns={columns} id={(s) => s.id} row={(s) => ({ 'data-sample': s.id, 'data-state': s.state })} />
}
