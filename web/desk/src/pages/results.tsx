// A lawyer's own results: list, and one of them, which he may dispute once.

import { usePages, useWhen } from '../app'
import { Heading, PagedTable, type Column } from '../parts'
import type { PageProps } from '.'
import * as api from './qualityapi'
import { useWords } from './qualitytexts'
import { Result, SamplePage, StateMark } from './sample'

export default function ResultsPage({ route }: PageProps) {
  const id = route.parts[2]
  return id ? <SamplePage key={id} id={id} back="#/quality/results" /> : <All />
}

function All() {
  const t = useWords()
  const time = useWhen()
  const list = usePages(['my-results'], (cursor) => api.results(cursor ? { cursor } : {}), 10_000)
  const columns: Column<api.Sample>[] = [
    { key: 'number', title: t('number'), cell: (s) => <a className="whole" href={'#/quality/results/' + s.id}>{s.number}</a> },
    { key: 'state', title: t('state'), cell: (s) => <StateMark s={s} /> },
    { key: 'result', title: t('result'), cell: (s) => <Result s={s} /> },
    { key: 'problem', title: t('problem'), cell: (s) => s.problem },
    { key: 'month', title: t('month'), cell: (s) => <span className="whole">{s.month}</span> },
    { key: 'due', title: t('dispute_by'), cell: (s) => s.state === 'checked' && time(s.due_at) },
  ]
  return (
    <>
      <Heading>{t('results')}</Heading>
      <PagedTable of={list} empty={t('results_empty')} label={t('results')} columns={columns} id={(s) => s.id} row={(s) => ({ 'data-sample': s.id })} />
    </>
  )
}
