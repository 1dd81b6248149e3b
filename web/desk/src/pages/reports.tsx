// Daily reports: when each was due and made, whether it was mailed, and its files.

import * as api from '../../../shared/api'
import type { Report } from '../../../shared/types'
import { useLoad, useSay, useWhen } from '../app'
import { Empty, Heading, Table, Wait, type Column } from '../parts'
import { useWords } from './reportstexts'

/** A report is made within minutes of its hour; a crash or an outage shows. */
const slack = 10 * 60_000

export default function ReportsPage() {
  const t = useSay()
  const own = useWords()
  const time = useWhen()
  const list = useLoad(['reports'], api.reports, 60_000)
  const made = (r: Report) => {
    if (r.version > 1) return <span className="state closed">{own('again')}</span>
    const late = Date.parse(r.made_at) > Date.parse(r.due_at) + slack
    return <span className={late ? 'state bad' : 'state good'}>{own(late ? 'late' : 'on_time')}</span>
  }
  const mail = (r: Report) => (r.mail ? <span className={'state ' + (r.mail === 'sent' ? 'good' : r.mail === 'failed' ? 'bad' : 'waiting')}>{own(r.mail)}</span> : <span className="hint">{own('nobody')}</span>)
  const columns: Column<Report>[] = [
    { key: 'date', title: t('date'), cell: (r) => <a href={'#/today?date=' + r.date}>{r.date}</a> },
    { key: 'due', title: own('due'), cell: (r) => time(r.due_at) },
    { key: 'made', title: own('state'), cell: (r) => <>{made(r)} {time(r.made_at)} <small className="hint">{t('leaf_upto', { n: r.leaf })}</small></> },
    { key: 'version', title: t('version'), cell: (r) => r.version, figure: true },
    { key: 'mail', title: own('mail'), cell: mail },
    { key: 'files', title: t('download'), cell: (r) => ['pdf', 'xlsx', 'csv', 'json'].map((kind) => <a key={kind} className="file" href={api.reportFile(r.date, kind)} download>{kind.toUpperCase()}</a>) },
  ]
  return (
    <>
      <Heading>{t('reports_title')}</Heading>
      <Wait of={list}>
        {({ items, next }) => (
          <>
            <p className="note">{own('next', { day: next.date, when: time(next.due_at) })}</p>
            {items.length === 0 ? <Empty>{t('reports_empty')}</Empty> : <Table label={t('reports_title')} columns={columns} rows={items} id={(r) => r.date + r.version} />}
          </>
        )}
      </Wait>
    </>
  )
}
