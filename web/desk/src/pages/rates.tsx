// Error rates of a month by lawyer, and how the orders were drawn: share, seed and
// whether drawing again gives the same. req: B7.2.4a B7.T1e B7.T1f

import { now, query } from '../../../shared/api'
import { go } from '../../../shared/route'
import { dateIn } from '../../../shared/time'
import { is, useApp, useLoad, usePages, useRate, useWhen } from '../app'
import { Input } from '../controls'
import { Empty, Figure, Heading, PagedTable, Table, Wait, type Column } from '../parts'
import type { PageProps } from '.'
import { HandDraws } from './handdraws'
import * as api from './qualityapi'
import { useWords } from './qualitytexts'

const thisMonth = () => dateIn(now(), 'Asia/Shanghai').slice(0, 7)

export default function RatesPage({ route }: PageProps) {
  const month = route.query.get('month') || thisMonth()
  const lawyer = route.query.get('lawyer')
  return lawyer ? <Draws lawyer={lawyer} month={month} /> : <All key={month} month={month} />
}

function All({ month }: { month: string }) {
  const t = useWords()
  const { me } = useApp()
  const first = useLoad(['rates', month], () => api.rates(month), 10_000)
  const list = usePages(['rates', month], (cursor) => api.rates(month, cursor), 10_000)
  const inspects = is(me, 'quality', 'bureau', 'administrator')
  const limits = first.data?.limits
  const said = useRate()
  const rate = (r: api.Rate) => (
    <>
      {said(r.text)} {r.exceeds && <span className="state bad">!</span>}
    </>
  )
  const columns: Column<api.Rates>[] = [
    { key: 'lawyer', title: t('lawyer'), cell: (x) => (inspects && x.lawyer_id ? <a href={'#/quality/rates' + query({ lawyer: x.lawyer_id, month })}>{x.lawyer?.name ?? x.lawyer_id.slice(-8)}</a> : x.lawyer?.name) },
    { key: 'population', title: t('population'), cell: (x) => x.population, figure: true },
    { key: 'sampled', title: t('n_sampled'), cell: (x) => x.drawn.sampled, figure: true },
    { key: 'inspected', title: t('n_inspected'), cell: (x) => x.drawn.inspected, figure: true },
    { key: 'fatal', title: t('fatal_rate'), cell: (x) => rate(x.drawn.fatal), figure: true },
    { key: 'minor', title: t('minor_rate'), cell: (x) => rate(x.drawn.minor), figure: true },
    { key: 'added', title: t('added'), cell: (x) => x.added.sampled, figure: true },
  ]
  const mark = (r: api.Rate, n: number) => r.den > 0 && <span className={r.exceeds ? 'state bad' : 'state good'}>{t(r.exceeds ? 'exceeds' : 'within', { n })}</span>
  const opens = (result: string, n: number) => (inspects && n > 0 ? '#/quality/samples' + query({ month, source: 'drawn', result }) : undefined)
  return (
    <>
      <Heading>{t('rates')}</Heading>
      {limits && <p className="lead hint">{t('rates_lead', { p: limits.sample_percent })}</p>}
      <div className="filters">
        <label>
          {t('month')} <Input type="month" value={month} onChange={(e) => e.target.value && go('/quality/rates' + query({ month: e.target.value }))} />
        </label>
      </div>
      <Wait of={first}>
        {({ total, limits }) => (
          <div className="figures">
            <Figure label={t('n_sampled')} value={total.drawn.sampled} />
            <Figure label={t('n_inspected')} value={total.drawn.inspected} href={opens('inspected', total.drawn.inspected)} />
            <Figure label={t('fatal_rate')} value={said(total.drawn.fatal.text)} href={opens('fatal', total.drawn.fatal.num)} hint={`${total.drawn.fatal.num} / ${total.drawn.fatal.den}`} mark={mark(total.drawn.fatal, limits.fatal_percent)} />
            <Figure label={t('minor_rate')} value={said(total.drawn.minor.text)} href={opens('minor', total.drawn.minor.num)} hint={`${total.drawn.minor.num} / ${total.drawn.minor.den}`} mark={mark(total.drawn.minor, limits.minor_percent)} />
          </div>
        )}
      </Wait>
      <PagedTable of={list} empty={t('rates_empty')} label={t('rates')} columns={columns} id={(x) => x.lawyer_id ?? ''} row={(x) => ({ 'data-lawyer': x.lawyer_id ?? '' })} />
    </>
  )
}

function Draws({ lawyer, month }: { lawyer: string; month: string }) {
  const t = useWords()
  const time = useWhen()
  const list = useLoad(['draws', lawyer, month], () => api.draws(lawyer, month))
  const columns: Column<api.Draw>[] = [
    { key: 'at', title: t('at'), cell: (d) => time(d.at) },
    { key: 'share', title: t('share'), cell: (d) => d.percent + ' %', figure: true },
    { key: 'population', title: t('population'), cell: (d) => d.population, figure: true },
    { key: 'seed', title: t('seed'), cell: (d) => <code className="seed">{d.seed}</code> },
    { key: 'leaf', title: t('leaf'), cell: (d) => d.leaf, figure: true },
    { key: 'same', title: t('result'), cell: (d) => <span className={d.same ? 'state good' : 'state bad'}>{t(d.same ? 'same' : 'not_same')}</span> },
    { key: 'orders', title: t('orders'), cell: (d) => d.orders.length, figure: true },
  ]
  return (
    <>
      <p className="backlink">
        <a href={'#/quality/rates' + query({ month })}>{t('back')}</a>
      </p>
      <Heading extra={<a href={'#/quality/samples' + query({ mine: 'false', lawyer, month })}>{t('see_samples')}</a>}>{`${t('draws')} · ${month}`}</Heading>
      <p className="lead hint">{t('draws_lead')}</p>
      <Wait of={list}>{({ items }) => (items.length ? <Table label={t('draws')} columns={columns} rows={items} id={(d) => d.seed + d.at} /> : <Empty>{t('draws_empty')}</Empty>)}</Wait>
      <HandDraws lawyer={lawyer} month={month} />
    </>
  )
}
