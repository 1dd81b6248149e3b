package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
)

func init() { registerBench("message", benchMessage) }

// The load of the message bench: an open loop, so that a slow answer does not
// slow the asking down and hide itself.
const (
	messageRate    = 300 // questions a second
	messageFor     = 30 * time.Second
	messageAskers  = 200
	messageTimeout = 20 * time.Second
)

// benchMessage asks 300 questions a second over HTTP for 30 s, each stored,
// sealed under a key of its own, given to a lawyer and acknowledged.
func benchMessage(ctx context.Context, b *Bench) error {
	c := config{Data: filepath.Join(b.Dir, "house"), DB: b.URL, Checkpoints: "-", SMS: "screen", URL: "http://bench", Rates: defaultRates}
	if err := c.defaults(); err != nil {
		return err
	}
	start := time.Now()
	h, err := open(ctx, c, options{log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	h.start()
	b.Report("start_to_ready", float64(time.Since(start).Microseconds())/1000, "ms")
	err = h.messageLoad(ctx, b)
	return errors.Join(err, h.stop(context.WithoutCancel(ctx)))
}

func (h *house) messageLoad(ctx context.Context, b *Bench) error {
	if err := h.seed(ctx, newDemoAccess()); err != nil {
		return err
	}
	runtime.GC()
	b.Report("idle_memory", residentMB(), "MB")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h.web.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener) //nolint:errcheck // ends with Close
	defer server.Close()      //nolint:errcheck // the bench is over
	base := "http://" + listener.Addr().String() + "/api/v1"
	client := &http.Client{Timeout: messageTimeout, Transport: &http.Transport{MaxIdleConnsPerHost: 512}}
	tokens, err := h.askers(ctx, messageAskers)
	if err != nil {
		return err
	}
	n := messageRate * int(messageFor/time.Second)
	if b.Size.Time < time.Second { // a test of the bench itself
		n = 30
	}
	var took []time.Duration
	err = b.disk(func() (err error) {
		took, err = askAll(ctx, client, base, tokens, n)
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(took)
	at := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))].Microseconds()) / 1000 }
	b.Report("questions_per_second", messageRate, "1/s")
	b.Report("questions", float64(len(took)), "")
	b.Report("p50", at(0.5), "ms")
	b.Report("p99", at(0.99), "ms")
	b.Report("max", at(1), "ms")
	return nil
}

// askers signs citizens in, inside the process.
func (h *house) askers(ctx context.Context, n int) (tokens []string, err error) {
	codes := make(chan string, 1)
	send := h.people.Send
	h.people.Send = func(_ context.Context, _, code, _ string) { codes <- code }
	defer func() { h.people.Send = send }()
	for i := range n {
		phone := fmt.Sprintf("+86137%08d", i)
		if _, err := h.people.SendCode(ctx, phone, say.Hans); err != nil {
			return nil, err
		}
		_, token, err := h.people.SignInCitizen(ctx, phone, <-codes, say.Hans)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, token)
	}
	return tokens, nil
}

// askAll sends n questions at the bench's rate and returns how long each took
// from the moment it was to be sent.
func askAll(ctx context.Context, client *http.Client, base string, tokens []string, n int) (took []time.Duration, failed error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	begin := time.Now().Add(50 * time.Millisecond)
	for i := range n {
		due := begin.Add(time.Duration(i) * time.Second / messageRate)
		time.Sleep(time.Until(due))
		wg.Go(func() {
			err := askOnce(ctx, client, base, tokens[i%len(tokens)], i)
			d := time.Since(due)
			mu.Lock()
			defer mu.Unlock()
			took = append(took, d)
			if failed == nil {
				failed = err
			}
		})
	}
	wg.Wait()
	return took, failed
}

func askOnce(ctx context.Context, client *http.Client, base, token string, i int) error {
	body, err := json.Marshal(map[string]any{"id": id.New().String(), "region": demoRegions[i%len(demoRegions)], "problem_type": "labour",
		"question": "公司拖欠我三个月工资，也没有签劳动合同，我应该怎么要回来？", "language": "zh-Hans", "contact": map[string]string{"name": "张三"}})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/orders", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusCreated {
		err = fmt.Errorf("a question was answered %d: %s", res.StatusCode, answer)
	}
	return err
}
