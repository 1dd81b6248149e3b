import * as api from '../../shared/api'
import { langNames, type Lang } from '../../shared/lang'
import type { Lawyer } from '../../shared/types'
import { useLoad, useSay } from './app'
import { Heading, Wait } from './parts'

/** Mean of 1 to 5, and of how many. */
const rating = (l: Lawyer) => (l.rating ? `${(l.rating.points / l.rating.rated).toFixed(1)} (${l.rating.rated})` : '')

export function LawyersPage() {
  const t = useSay()
  const list = useLoad(['lawyers'], api.lawyers, 10_000)
  const types = useLoad(['types'], api.problemTypes)
  const area = (code: string) => types.data?.items.find((x) => x.code === code)?.name ?? code
  return (
    <>
      <Heading>{t('lawyers_title')}</Heading>
      <Wait of={list}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="card empty">{t('lawyers_empty')}</p>
          ) : (
            <div className="scroll" tabIndex={0} role="region" aria-label={t('lawyers_title')}>
              <table className="stack">
                <thead>
                  <tr>
                    <th scope="col">{t('lawyer')}</th>
                    <th scope="col">{t('status')}</th>
                    <th scope="col">{t('load')}</th>
                    <th scope="col">{t('rating')}</th>
                    <th scope="col">{t('areas')}</th>
                    <th scope="col">{t('region')}</th>
                    <th scope="col">{t('languages')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((l) => (
                    <tr key={l.id}>
                      <th scope="row">
                        {l.name} <small className="hint">{l.firm}</small>
                      </th>
                      <td data-label={t('status')}>
                        <span className={l.status === 'online' ? 'state answered' : 'state closed'}>{l.status === 'online' ? t('online') : l.status === 'busy' ? t('busy_status') : t('away')}</span>
                      </td>
                      <td data-label={t('load')}>{l.load}</td>
                      <td data-label={t('rating')}>{rating(l)}</td>
                      <td data-label={t('areas')}>{l.areas.map((x) => (x === '*' ? t('all') : area(x))).join(' · ')}</td>
                      <td data-label={t('region')}>{l.regions.map((x) => (x === '*' ? t('all') : x)).join(' · ')}</td>
                      <td data-label={t('languages')}>{l.languages.map((x) => langNames[x as Lang] ?? x).join(' · ')}</td>
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
