import { load } from '../../shared/draft'
import { onDay } from '../../shared/time'
import { useApp, useSay } from './app'
import { blank, draftKey } from './askdraft'
import { Heading } from './parts'

export function HomePage() {
  const t = useSay()
  const { service } = useApp()
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
        <Soon title={t('home_talk')} opens={service?.talk_opens} />
        <Soon title={t('home_video')} opens={service?.video_opens} />
        <a class="entry" href="#/orders">
          <strong>{t('records')}</strong>
          <span>{t('home_records_hint')}</span>
        </a>
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

/** An entry that is not open yet, and when it will be (YYYY-MM-DD), if that is known. */
function Soon({ title, opens }: { title: string; opens: string | undefined }) {
  const t = useSay()
  const { lang } = useApp()
  return (
    <div class="entry soon">
      <strong>{title}</strong>
      <span>{opens ? t('home_opens', { day: onDay(opens, lang) }) : t('home_opens_later')}</span>
    </div>
  )
}
