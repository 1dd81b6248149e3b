import * as api from '../../../shared/api'
import type { Report } from '../../../shared/types'
import { useLoad, useSay, useWhen } from '../app'
import { Empty, Heading, Table, Wait, type Column } from '../parts'

export default function ReportsPage() {
  const t = useSay()
  const time = useWhen()
  const list = useLoad(['reports'], api.reports)
  const columns: Column<Report>[] = [
    { key: 'date', title: t('date'), cell: (r) => <a href={'#/today?date=' + r.date}>{r.date}</a> },
    { key: 'version', title: t('version'), cell: (r) => r.version, figure: true },
    { key: 'made', title: t('made_at'), cell: (r) => <>{time(r.made_at)} <span className="hint">{t('leaf_upto', { n: r.leaf })}</span></> },
    { key: 'files', title: t('download'), cell: (r) => ['pdf', 'xlsx', 'csv', 'json'].map((kind) => <a key={kind} className="file" href={`/api/v1/reports/${r.date}.${kind}`} download>{kind.toUpperCase()}</a>) },
  ]
  return (
    <>
      <Heading>{t('reports_title')}</Heading>
      <Wait of={list}>{({ items }) => (items.length === 0 ? <Empty>{t('reports_empty')}</Empty> : <Table label={t('reports_title')} columns={columns} rows={items} id={(r) => r.date + r.version} />)}</Wait>
    </>
  )
}
