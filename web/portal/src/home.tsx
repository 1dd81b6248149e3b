import { load } from '../../shared/draft'
import { useApp, useSay } from './app'
import { blank, draftKey } from './askdraft'
import { Heading } from './parts'

export function HomePage() {
  const t = useSay()
  const { me, service } = useApp()
  const n = service?.answer_within_minutes ?? 120
  const begun = load(draftKey, blank()).question.trim() !== ''
  return (
    <>
      <Heading>{t('home_title')}</Heading>
      <p class="lead">{t('home_lead', { n })}</p>
      <div class="entries">
        <a class="entry main" href="#/ask">
          <strong>{t('home_ask')}</strong>
          <span>{begun ? t('home_draft') : t('home_ask_hint')}</span>
        </a>
        <a class="entry" href="#/orders">
          <strong>{t('records')}</strong>
          <span>{t('home_records_hint')}</span>
        </a>
        {me === null && (
          <a class="entry" href="#/sign-in">
            <strong>{t('sign_in')}</strong>
            <span>{t('home_sign_in_hint')}</span>
          </a>
        )}
      </div>
      <section aria-labelledby="how">
        <h2 id="how">{t('how_title')}</h2>
        <ol class="how">
          <li>{t('how_1')}</li>
          <li>{t('how_2', { n })}</li>
          <li>{t('how_3')}</li>
        </ol>
      </section>
    </>
  )
}
