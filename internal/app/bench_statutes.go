package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/public/consult"
)

func init() { registerBench("statutes", benchStatutes) }

// The words that are looked up. Each is in every sixth article or so; the rest of
// an article is filling of two characters, and 的 and 应当 are in all.
var benchWords = []string{"劳动", "合同", "用人单位", "劳动者", "经济补偿", "解除", "工资", "仲裁", "诉讼时效", "人民法院", "责任", "赔偿", "损失", "规定",
	"登记", "机关", "当事人", "申请", "处罚", "行政", "监督", "管理", "国务院", "主管部门", "许可", "企业", "财产", "继承", "婚姻", "抚养", "离婚", "债权", "债务人",
	"担保", "抵押", "租赁", "房屋", "土地", "承包", "农村", "集体", "股东", "公司", "董事", "清算", "破产", "保险", "消费者", "产品", "质量", "交通", "事故", "驾驶",
	"犯罪", "有期徒刑", "拘役", "罚金", "侦查", "起诉", "辩护", "证据", "审判", "执行", "上诉", "专利", "商标", "著作权", "侵权", "个人信息", "网络", "数据", "环境"}

// benchStatutes loads generated articles and looks them up as people do.
func benchStatutes(ctx context.Context, b *Bench) error {
	s := &consult.Service{DB: b.DB, Rules: &access.Rules{}}
	n := b.Size.Articles
	r, w := io.Pipe()
	go func() { w.CloseWithError(writeArticles(w, n)) }()
	start := time.Now()
	if _, err := s.LoadStatutes(ctx, benchActor, r); err != nil {
		return err
	}
	b.Report("articles_loaded_per_second", float64(n)/time.Since(start).Seconds(), "1/s")
	rng := rand.New(rand.NewPCG(3, 4))
	word := func() string { return benchWords[rng.IntN(len(benchWords))] }
	all := []rune("的应当法动者人行合产")
	for _, kind := range []struct {
		name string
		ask  func() string
	}{
		{"1_character", func() string { return string(all[rng.IntN(len(all))]) }},
		{"2_characters", func() string { return string([]rune(word())[:2]) }},
		{"4_and_more", func() string { return word() + word() }},
		{"several_words", func() string { return word() + " " + word() + " " + word() }},
		{"article", func() string { return fmt.Sprintf("%s法%d 第%d条", word(), rng.IntN(15), 1+rng.IntN(100)) }},
		{"article_number_alone", func() string { return fmt.Sprint(1 + rng.IntN(100)) }},
	} {
		if err := b.lookUps(ctx, s, kind.name, kind.ask); err != nil {
			return err
		}
	}
	return nil
}

// lookUps asks, one after another, and reports how long that takes.
func (b *Bench) lookUps(ctx context.Context, s *consult.Service, name string, ask func() string) error {
	lawyer := who.Actor{Person: id.New(), Org: b.Org, Roles: []who.Role{who.DutyLawyer}}
	var took []time.Duration
	found := 0
	for range b.Size.LookUps {
		question, start := ask(), time.Now()
		items, _, err := s.LookUp(ctx, lawyer, question, 0, 20)
		if err != nil {
			return err
		}
		took, found = append(took, time.Since(start)), found+len(items)
	}
	slices.Sort(took)
	ms := func(part float64) float64 {
		return took[min(int(part*float64(len(took))), len(took)-1)].Seconds() * 1000
	}
	b.Report(name+"_p50", ms(0.5), "ms")
	b.Report(name+"_p95", ms(0.95), "ms")
	b.Report(name+"_found_each", float64(found)/float64(len(took)), "")
	return nil
}

// writeArticles writes n articles, a hundred a law, the same each time.
func writeArticles(w io.Writer, n int) error {
	rng := rand.New(rand.NewPCG(1, 2))
	enc := json.NewEncoder(w)
	for i := range n {
		law := fmt.Sprintf("中华人民共和国%s法%d", benchWords[i/100%len(benchWords)], i/100/len(benchWords))
		words := "应当依照法律的规定"
		for range 40 + rng.IntN(40) {
			if rng.IntN(5) == 0 {
				words += benchWords[rng.IntN(len(benchWords))]
			} else {
				words += string([]rune{rune(0x4e00 + rng.IntN(2000)), rune(0x5a00 + rng.IntN(2000))})
			}
			if rng.IntN(6) == 0 {
				words += "，"
			}
		}
		if err := enc.Encode(consult.Statute{Law: law, Article: fmt.Sprintf("第%d条", i%100+1), Text: words + "。"}); err != nil {
			return err
		}
	}
	return nil
}
