// A lawyer's card as operations see it, with the pictures of his papers. That somebody
// looked is recorded. req: BB.20201 BB.20202 BB.20303 BB.20304 BB.20305 BB.20307

import * as shared from '../../../shared/api'
import { langNames, type Lang } from '../../../shared/lang'
import { Thumb } from '../above'
import { useLoad, useSay } from '../app'
import { Facts, Heading, Wait } from '../parts'
import * as api from './cardapi'
import { useWords } from './cardtexts'
import { Places } from './regions'

export function CardPage({ id }: { id: string }) {
  const t = useWords()
  const one = useLoad(['card', id], () => api.card(id))
  return (
    <div className="single">
      <p className="backlink">
        <a href="#/lawyers">{t('back')}</a>
      </p>
      <Wait of={one}>{(c) => <View c={c} />}</Wait>
    </div>
  )
}

function View({ c }: { c: api.Card }) {
  const t = useWords()
  const say = useSay()
  const types = useLoad(['types'], shared.problemTypes)
  const area = (code: string) => (code === '*' ? t('all') : (types.data?.items.find((x) => x.code === code)?.name ?? code))
  const shown = (x: api.Card['told'][number]) => {
    switch (x.kind) {
      case 'fields':
        return x.value?.split(';').map(area).join(' · ')
      case 'names':
        return x.value?.split(';').join(' · ')
      case 'sex':
        return t(x.value === '0' ? 'sex_0' : 'sex_1')
    }
    return x.value
  }
  const pictures = c.told.flatMap((x) => (x.pictures ?? []).map((file, i) => ({ file, alt: `${x.name} ${t('picture_n', { n: i + 1 })}`, name: x.name })))
  const status = say(c.status === 'online' ? 'online' : c.status === 'busy' ? 'busy_status' : 'away')
  return (
    <article>
      <Heading>{c.name}</Heading>
      <p className="hint">{t('noted')}</p>
      <section className="card" aria-labelledby="practice">
        <h2 id="practice">{t('practice')}</h2>
        <Facts
          rows={[
            [t('nickname'), c.nickname],
            [t('phone'), c.phone && <a href={'tel:' + c.phone}>{c.phone}</a>],
            [t('firm'), c.firm],
            [t('areas'), c.areas.map(area).join(' · ')],
            [t('regions'), <Places key="places" of={c.regions} all={t('all')} />],
            [t('languages'), c.languages.map((x) => langNames[x as Lang] ?? x).join(' · ')],
            [t('joined'), c.joined_on],
            [say('status'), status],
          ]}
        />
      </section>
      <section className="card" aria-labelledby="told">
        <h2 id="told">{t('card')}</h2>
        {c.missing.length > 0 && <p className="note warn">{t('missing_n', { n: c.missing.length })}</p>}
        <Facts rows={c.told.filter((x) => x.value).map((x) => [x.name, shown(x)] as const)} />
        {pictures.length > 0 && (
          <ul className="attaching">
            {pictures.map((p) => (
              <li key={p.file}>
                <Thumb width={160} src={api.pictureOf(c.id, p.file)} alt={p.alt} /> <small className="hint below">{p.alt}</small>
              </li>
            ))}
          </ul>
        )}
      </section>
    </article>
  )
}
