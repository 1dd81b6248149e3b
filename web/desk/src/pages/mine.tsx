// A lawyer's own figures, of today and of the last 30 days; each opens its orders.

import * as api from '../../../shared/api'
import type { Own, OwnPeriod, OrderRow, QualityResult, Rate } from '../../../shared/types'
import { useLoad, useName, usePages, useRate, useSay, useWhen } from '../app'
import { Figure, Heading, PagedTable, Wait, type Column } from '../parts'
import type { PageProps } from '.'
import { useWords, type DeskKey } from './desktexts'

const owns: Record<Own, DeskKey> = {
  answered: 'mine_answered',
  in_time: 'mine_in_time',
  late: 'mine_late',
  rated: 'mine_rated',
  satisfied: 'mine_satisfied',
  non_satisfied: 'mine_non_satisfied',
  refused: 'mine_refused',
}

export default function Mine({ route }: PageProps) {
  if (route.parts[1] === 'quality') return <Results />
  const own = route.query.get('own')
  if (own && own in owns) return <Behind key={route.query.toString()} own={own as Own} since={route.query.get('since') ?? ''} until={route.query.get('until') ?? ''} />
  return <Figures />
}

function Figures() {
  const w = useWords()
  const all = useLoad(['my-figures'], api.myFigures, 10_000)
  return (
    <>
      <Heading>{w('mine_title')}</Heading>
      <p>{w('mine_lead')}</p>
      <Wait of={all}>
        {(f) => (
          <>
            {(['today', 'days'] as const).map((k) => (
              <section key={k} aria-labelledby={'mine-' + k}>
                <h2 id={'mine-' + k}>{w(`mine_${k}`)}</h2>
                <Period p={f[k]} thresholds={f.thresholds} />
              </section>
            ))}
          </>
        )}
      </Wait>
    </>
  )
}

function Period({ p, thresholds }: { p: OwnPeriod; thresholds: Record<string, number> }) {
  const w = useWords()
  const t = useSay()
  const rate = useRate()
  const opens = (own: Own, n: number) => (n > 0 ? '#/my-figures' + api.query({ own, since: p.since, until: p.until }) : undefined)
  const of = (r: Rate) => w('mine_of', { a: r.num, b: r.den })
  const target = (r: Rate, name: string) => {
    const n = thresholds[name]
    if (n === undefined || r.den === 0) return undefined
    const met = r.num * 100 >= r.den * n
    return (
      <small>
        <span className={met ? 'state good' : 'state bad'}>{t(met ? 'met' : 'not_met')}</span> <span className="hint whole">{w('mine_target', { n })}</span>
      </small>
    )
  }
  const quality = p.quality.inspected + p.quality.disputed
  return (
    <>
      <div className="figures">
        <Figure label={w('mine_answered')} value={p.answered} href={opens('answered', p.answered)} />
        <Figure label={w('mine_in_time')} value={rate(p.timely_answer_rate.text)} href={opens(p.in_time > 0 ? 'in_time' : 'late', p.answered)} hint={of(p.timely_answer_rate)} />
        <Figure label={w('mine_late')} value={p.late} href={opens('late', p.late)} />
        <Figure label={w('mine_median')} value={p.answered ? p.median_minutes : '–'} />
        <Figure label={w('mine_satisfied')} value={rate(p.satisfaction.text)} href={opens(p.satisfied > 0 ? 'satisfied' : 'rated', p.rated)} hint={of(p.satisfaction)} mark={target(p.satisfaction, 'satisfaction')} />
        <Figure label={w('mine_rated')} value={rate(p.participation.text)} href={opens('rated', p.rated)} hint={of(p.participation)} mark={target(p.participation, 'participation')} />
        <Figure label={w('mine_non_satisfied')} value={p.non_satisfied} href={opens('non_satisfied', p.non_satisfied)} />
        <Figure label={w('mine_refused')} value={p.refused} href={opens('refused', p.refused)} />
        <Figure label={w('mine_quality')} value={quality} href={quality > 0 ? '#/my-figures/quality' : undefined} hint={w('mine_quality_sub', { fatal: p.quality.fatal, minor: p.quality.minor })} />
      </div>
      {p.elsewhere > 0 && <p className="hint">{w('mine_elsewhere', { n: p.elsewhere })}</p>}
    </>
  )
}

function Back() {
  const w = useWords()
  return (
    <p>
      <a href="#/my-figures">← {w('mine_title')}</a>
    </p>
  )
}

/** The orders behind a figure. */
function Behind({ own, since, until }: { own: Own; since: string; until: string }) {
  const w = useWords()
  const t = useSay()
  const name = useName()
  const time = useWhen()
  const list = usePages(['own', own, since, until], (cursor) => api.orders({ own, since, until, limit: 50, ...(cursor && { cursor }) }))
  const title = `${w(owns[own])} · ${since === until ? since : `${since} – ${until}`}`
  const columns: Column<OrderRow>[] = [
    { key: 'title', title: t('title'), cell: (o) => <><a href={'#/orders/' + o.id}>{o.title || o.number}</a> <small className="hint">{o.number}</small></> },
    { key: 'state', title: t('state'), cell: (o) => <><span className={'state ' + o.state}>{name('s', o.state)}</span> {o.breach && <span className="state bad">{t('breach')}</span>}</> },
    { key: 'asked', title: t('asked_at'), cell: (o) => time(o.asked_at) },
    { key: 'answered', title: t('answered_at'), cell: (o) => time(o.answered_at) },
    { key: 'rating', title: t('rating'), cell: (o) => o.rating_level && name('l', o.rating_level) },
  ]
  return (
    <>
      <Back />
      <Heading>{title}</Heading>
      <PagedTable of={list} empty={w('mine_list_empty')} label={title} columns={columns} id={(o) => o.id} />
    </>
  )
}

/** The results of inspected orders. */
function Results() {
  const w = useWords()
  const t = useSay()
  const time = useWhen()
  const list = usePages(['my-results'], (cursor) => api.myResults(cursor))
  const result = (r: QualityResult) =>
    !r.result ? <span className="state waiting">{w('q_disputed')}</span> : r.result.fatal ? <span className="state bad">{w('q_fatal')}</span> : r.result.minor ? <span className="state warn">{w('q_minor')}</span> : <span className="state good">{w('q_good')}</span>
  const columns: Column<QualityResult>[] = [
    { key: 'number', title: t('number'), cell: (r) => <a href={'#/quality/results/' + r.id}>{r.number}</a> },
    { key: 'type', title: t('type'), cell: (r) => r.problem },
    { key: 'month', title: w('mine_month'), cell: (r) => r.month },
    { key: 'result', title: w('mine_result'), cell: result },
    { key: 'at', title: t('date'), cell: (r) => time(r.sampled_at) },
  ]
  return (
    <>
      <Back />
      <Heading>{w('mine_quality')}</Heading>
      <PagedTable of={list} empty={w('mine_quality_empty')} label={w('mine_quality')} columns={columns} id={(r) => r.id} />
    </>
  )
}
