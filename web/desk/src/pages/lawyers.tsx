import * as api from '../../../shared/api'
import { langNames, type Lang } from '../../../shared/lang'
import type { Lawyer } from '../../../shared/types'
import { useLoad, useSay } from '../app'
import { Empty, Heading, Table, Wait, type Column } from '../parts'

/** Mean of 1 to 5, and of how many. */
const rating = (l: Lawyer) => (l.rating ? `${(l.rating.points / l.rating.rated).toFixed(1)} (${l.rating.rated})` : '')

export default function LawyersPage() {
  const t = useSay()
  const list = useLoad(['lawyers'], api.lawyers, 10_000)
  const types = useLoad(['types'], api.problemTypes)
  const area = (code: string) => (code === '*' ? t('all') : (types.data?.items.find((x) => x.code === code)?.name ?? code))
  const status = (l: Lawyer) => t(l.status === 'online' ? 'online' : l.status === 'busy' ? 'busy_status' : 'away')
  const columns: Column<Lawyer>[] = [
    { key: 'name', title: t('lawyer'), cell: (l) => <>{l.name} <small className="hint">{l.firm}</small></> },
    { key: 'status', title: t('status'), cell: (l) => <span className={l.status === 'online' ? 'state answered' : 'state closed'}>{status(l)}</span> },
    { key: 'load', title: t('load'), cell: (l) => l.load, figure: true },
    { key: 'rating', title: t('rating'), cell: rating, figure: true },
    { key: 'areas', title: t('areas'), cell: (l) => l.areas.map(area).join(' · ') },
    { key: 'regions', title: t('region'), cell: (l) => l.regions.map((x) => (x === '*' ? t('all') : x)).join(' · ') },
    { key: 'languages', title: t('languages'), cell: (l) => l.languages.map((x) => langNames[x as Lang] ?? x).join(' · ') },
  ]
  return (
    <>
      <Heading>{t('lawyers_title')}</Heading>
      <Wait of={list}>{({ items }) => (items.length === 0 ? <Empty>{t('lawyers_empty')}</Empty> : <Table label={t('lawyers_title')} columns={columns} rows={items} id={(l) => l.id} />)}</Wait>
    </>
  )
}
