import * as api from '../../shared/api'
import { useLoad, useSay, useWhen } from './app'
import { Heading, Wait } from './parts'

export function ReportsPage() {
  const t = useSay()
  const time = useWhen()
  const list = useLoad(['reports'], api.reports)
  return (
    <>
      <Heading>{t('reports_title')}</Heading>
      <Wait of={list}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="card empty">{t('reports_empty')}</p>
          ) : (
            <div className="scroll" tabIndex={0} role="region" aria-label={t('reports_title')}>
              <table className="stack">
                <thead>
                  <tr>
                    <th scope="col">{t('date')}</th>
                    <th scope="col">{t('version')}</th>
                    <th scope="col">{t('made_at')}</th>
                    <th scope="col">{t('download')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((r) => (
                    <tr key={r.date + r.version}>
                      <th scope="row">
                        <a href={'#/today?date=' + r.date}>{r.date}</a>
                      </th>
                      <td data-label={t('version')}>{r.version}</td>
                      <td data-label={t('made_at')}>
                        {time(r.made_at)} <span className="hint">{t('leaf_upto', { n: r.leaf })}</span>
                      </td>
                      <td data-label={t('download')}>
                        {['json', 'csv'].map((kind) => (
                          <a key={kind} className="file" href={`/api/v1/reports/${r.date}.${kind}`} download>
                            {kind.toUpperCase()}
                          </a>
                        ))}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Wait>
    </>
  )
}
