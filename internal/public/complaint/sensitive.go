package complaint

import (
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"mingfa/internal/base/text"
)

// Sensitivity is why a complaint is sensitive (B7.1.2.2b, B7.1.2.4); "" is not.
type Sensitivity string

// The kinds, gravest first.
const (
	Suicide        Sensitivity = "suicide"         // 自杀、自伤
	PublicSecurity Sensitivity = "public_security" // 公共安全
	SitIn          Sensitivity = "sit_in"          // 静坐、聚集
	Petition       Sensitivity = "petition"        // 上访
	PublicOpinion  Sensitivity = "public_opinion"  // 可能引发舆情
)

// Sensitivities are all of them, gravest first.
var Sensitivities = []Sensitivity{Suicide, PublicSecurity, SitIn, Petition, PublicOpinion}

func (s Sensitivity) known() bool { return slices.Contains(Sensitivities, s) }

// NeedsFiling tells whether the result must be filed with the judicial department
// before closing (B7.1.2.4).
func (s Sensitivity) NeedsFiling() bool { return s.known() && s != PublicOpinion }

// Hints are the kinds that words point to, gravest first.
type Hints []Sensitivity

// Value stores them separated by commas.
func (h Hints) Value() (driver.Value, error) {
	words := make([]string, len(h))
	for i, s := range h {
		words[i] = string(s)
	}
	return strings.Join(words, ","), nil
}

// Scan reads what Value wrote.
func (h *Hints) Scan(src any) error {
	*h = Hints{}
	var s string
	switch x := src.(type) {
	case string:
		s = x
	case []byte:
		s = string(x)
	default:
		return fmt.Errorf("hints are text, not %T", src)
	}
	for w := range strings.SplitSeq(s, ",") {
		if w != "" {
			*h = append(*h, Sensitivity(w))
		}
	}
	return nil
}

// Hint names the kinds that the words of a complaint point to. It is a hint and no
// judgement: one word too many costs a look, one too few may cost a life. Width,
// case, spaces and signs between the characters make no difference; a Latin word
// counts only as a whole.
func Hint(words string) Hints {
	han, latin := bare(words), spaced(words)
	found := Hints{}
	for _, kind := range Sensitivities {
		if slices.ContainsFunc(lexicon()[kind], func(w string) bool { return strings.Contains(han, w) || strings.Contains(latin, w) }) {
			found = append(found, kind)
		}
	}
	return found
}

func wordSign(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// bare keeps letters and digits, folded.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if wordSign(r) {
			return r
		}
		return -1
	}, text.Fold(s))
}

// spaced has one space before, between and behind the words, folded.
func spaced(s string) string {
	words := strings.FieldsFunc(text.Fold(s), func(r rune) bool { return !wordSign(r) })
	return " " + strings.Join(words, " ") + " "
}

// lexicon has the words made ready: Han as it stands in bare, Latin as in spaced.
var lexicon = sync.OnceValue(func() map[Sensitivity][]string {
	out := map[Sensitivity][]string{}
	for kind, list := range lexiconWords {
		for w := range strings.FieldsSeq(list) {
			if w[0] < utf8.RuneSelf {
				w = spaced(w)
			} else {
				w = bare(w)
			}
			out[kind] = append(out[kind], w)
		}
	}
	return out
})

// The words, simplified, traditional and English; an underscore stands for a space.
// What people also say when they are merely angry (气炸了), or in law (divorce
// petition, 开车撞人), is left out: each hint rings at the bureau.
var lexiconWords = map[Sensitivity]string{
	Suicide: `自杀 自殺 轻生 輕生 寻死 尋死 想死 不想活 活不下去 活唔落去 唔想活 不活了 了结生命 了結生命 结束生命 結束生命 跳楼 跳樓 跳河 跳桥 跳橋
		割腕 上吊 烧炭 燒炭 喝农药 喝農藥 服毒 自焚 自残 自殘 自伤 自傷 死给你看 死給你看 一死了之
		suicide suicidal kill_myself killing_myself end_my_life want_to_die hurt_myself harm_myself self_harm`,
	PublicSecurity: `炸弹 炸彈 爆炸 炸掉 炸死 炸毁 炸毀 炸楼 炸樓 纵火 縱火 放火 投毒 持刀 砍人 砍死 捅死 杀人 殺人 杀了 殺了 杀死 殺死 杀光 殺光 同归于尽 同歸於盡 报复社会 報復社會
		血债血偿 血債血償 劫持 恐怖袭击 恐怖襲擊
		bomb bombs set_fire arson stab kill_him kill_her kill_them kill_you kill_people terror_attack hostage`,
	SitIn: `静坐 靜坐 拉横幅 拉橫幅 堵门 堵門 堵路 围堵 圍堵 聚众 聚眾 聚集 集会 集會 游行 遊行 示威 绝食 絕食 罢工 罷工
		a_sit_in sit_ins sit_in_protest blockade hunger_strike protest_march`,
	Petition:      `上访 上訪 信访 信訪 越级 越級 进京 進京 去北京告 国家信访局 請願 请愿 联名上书 聯名上書 联名请愿 聯名請願 sign_a_petition petition_the_government`,
	PublicOpinion: `曝光 找记者 找記者 找媒体 找媒體 上电视 上電視 上热搜 上熱搜 热搜 熱搜 发到网上 發到網上 放上网 放上網 发微博 发抖音 上抖音 网上公开 網上公開 报料 報料 爆料 go_viral tell_the_press tell_the_media journalist newspaper`,
}
